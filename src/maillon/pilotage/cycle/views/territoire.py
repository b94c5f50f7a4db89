"""Pages of CPAM and ARS agents: the deadlines of their communities, read only, without any name."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Evenement
from maillon.socle.ui.listes import afficher_liste

from .. import presentation, selectors
from ..enums import EtatEcheance, Partie
from ..listes import ListeEcheances
from ..permissions import LIRE_TERRITOIRE
from .vie import send_agenda


@acces(LIRE_TERRITOIRE)
@require_safe
def echeances(request: Requete) -> HttpResponse:
    """Every deadline of the territory, and the communities that have no contract yet."""
    return afficher_liste(
        request,
        ListeEcheances,
        selectors.get_echeances_territoire(request.acteur),
        gabarit="cycle/territoire.html",
        contexte={"projets": selectors.get_projets_territoire(request.acteur)},
    )


@acces(LIRE_TERRITOIRE)
@require_safe
def agenda(request: Requete) -> HttpResponse:
    """The open deadlines of the territory, for any calendar."""
    ouvertes = selectors.get_echeances_territoire(request.acteur).exclude(etat=EtatEcheance.TENUE)
    url = request.build_absolute_uri(reverse("cycle:territoire"))
    evenements = [
        evenement
        for echeance in ouvertes
        for evenement in presentation.build_agenda([echeance], cle=echeance.cpts_id.hex, nom=echeance.cpts.nom, url=url)
    ]
    return send_agenda("Échéances du territoire", evenements, nom="echeances-territoire.ics")


@acces(LIRE_TERRITOIRE)
@require_safe
def communaute(request: Requete, cpts_id: UUID) -> HttpResponse:
    """The published life of a community."""
    suivi, on = selectors.get_suivi(cpts_id, for_acteur=request.acteur), today()
    toutes = list(suivi.echeances.all())
    ouvertes = [e for e in toutes if e.etat != EtatEcheance.TENUE]
    return render(
        request,
        "cycle/territoire_vie.html",
        {
            "titre": suivi.cpts.nom,
            "fil": [("Échéances du territoire", reverse("cycle:territoire")), (suivi.cpts.nom, "")],
            "suivi": suivi,
            "contrat_id": selectors.find_contrat_publie(cpts_id, for_acteur=request.acteur),
            "etapes": presentation.build_etapes(),
            "courante": presentation.get_courante(suivi.etape),
            "ouvertes": [presentation.show_echeance(e, on=on) for e in ouvertes],
            "tenues": [presentation.show_echeance(e, on=on) for e in toutes if e not in ouvertes],
            "evenements": [_evenement(jalon) for jalon in reversed(suivi.jalons)],
        },
    )


def _evenement(jalon: dict[str, str]) -> Evenement:
    signe = [str(Partie(partie).label) for partie in jalon["signataires"]]
    details = [
        f"Signataires enregistrés pour {', '.join(signe)}." if signe else "",
        f"Document : SHA-256 {jalon['document'][:16]}…" if jalon["document"] else "",
    ]
    return Evenement(
        date.fromisoformat(jalon["le"]),
        jalon["libelle"],
        qui=f"acte de {jalon['organisme']}",
        texte=" ".join(detail for detail in details if detail),
        ton="bien",
    )
