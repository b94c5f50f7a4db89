"""Who is in a roster, and what they say of its days."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillon.communaute.recherche import normalize_nom
from maillon.socle.declarations import collect
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import presentation, selectors, services
from ..calendrier import build_mois
from ..enums import Choix, EtatTableau
from ..forms import PartForm, read_voeux
from ..models import Participant
from ..permissions import DIRE, GERER
from .commun import attempt, build_fil

VOEUX = ("dits", "attendus")


@acces(GERER)
@require_http_methods(["GET", "POST"])
def participants(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Everybody, what they said, what they hold; add some."""
    tableau = selectors.get_tableau(pk, for_acteur=request.acteur)
    if request.method == "POST":
        chosen = [UUID(brut) for brut in request.POST.getlist("personne") if _is_uuid(brut)]
        added = services.add_participants(tableau_id=pk, personne_ids=chosen, by=request.acteur)
        if added:
            messages.success(request, "C’est fait\u00a0: ils sont dans le tableau.")
        else:
            messages.error(request, "Choisissez au moins une personne qui n’est pas encore dans le tableau.")
        return redirect("gardes_participants", slug=slug, pk=pk)
    toutes = selectors.list_participants(tableau)
    q, tri = request.GET.get("q", "").strip(), request.GET.get("voeux", "")
    lignes = [ligne for ligne in toutes if _suits(ligne, q, tri)]
    there = {ligne.participant.professionnel_id for ligne in toutes}
    groupes = [
        (
            selectors.say_profession(profession),
            [
                (ligne, *presentation.say_solde(ligne.solde))
                for ligne in lignes
                if ligne.participant.professionnel.profession == profession
            ],
            [p for p in selectors.list_possibles(tableau, profession) if p.professionnel_id not in there],
        )
        for profession in tableau.professions
    ]
    contexte = {
        "titre": "Participants et vœux",
        "fil": build_fil(request, tableau, "Participants"),
        "tableau": tableau,
        "groupes": groupes,
        "nombre": len(toutes),
        "silencieux": sum(ligne.participant.repondu_le is None for ligne in toutes),
        "q": q,
        "tri": tri if tri in VOEUX else "",
        "ouvert": tableau.is_en_construction,
        "horizons": presentation.say_horizons(tableau),
    }
    return render(request, "gardes/participants.html", contexte)


def _suits(ligne: selectors.LigneParticipant, q: str, tri: str) -> bool:
    """Whether somebody is among those looked for: part of their name, and whether they answered."""
    if tri in VOEUX and (ligne.participant.repondu_le is not None) != (tri == "dits"):
        return False
    return normalize_nom(q) in normalize_nom(str(ligne.participant.personne))


def _is_uuid(brut: str) -> bool:
    try:
        UUID(brut)
    except ValueError:
        return False
    return True


@acces(GERER)
@require_POST
def participant(request: Requete, slug: str, participant_id: UUID) -> HttpResponse:
    """A part-time load, or out of the roster."""
    found = selectors.get_participant(participant_id, for_acteur=request.acteur)
    if request.POST.get("geste") == "retirer":
        attempt(
            request,
            lambda: services.remove_participant(participant_id=found.pk, by=request.acteur),
            done=f"{found.personne} n’est plus dans le tableau.",
        )
    else:
        form = PartForm(request.POST)
        if form.is_valid():
            part = form.cleaned_data["part"]
            services.update_participant(participant_id=found.pk, part=part, by=request.acteur)
            messages.success(request, f"{found.personne}\u00a0: {part}\u00a0% d’une charge entière.")
        else:
            messages.error(request, "La part de temps va de 10 à 100\u00a0%.")
    return redirect("gardes_participants", slug=slug, pk=found.tableau_id)


def build_saisie(participant: Participant, dits: dict[date, Choix] | None = None) -> dict[str, Any]:
    """The calendar of somebody's wishes: the days of the roster with a shift of their profession; constant queries."""
    tableau = participant.tableau
    postes = list(tableau.postes.filter(profession=participant.professionnel.profession))
    said = dits if dits is not None else {voeu.jour: Choix(voeu.choix) for voeu in participant.voeux.all()}
    pris: set[date] = set()
    if postes:
        debut, fin = min(poste.debut for poste in postes), max(poste.fin for poste in postes)
        busy = [
            occupation
            for source in collect("occupations")
            for occupation in source.occupations([participant.personne_id], debut, fin)
        ]
        pris = {p.jour for p in postes if any(o.debut < p.fin and o.fin > p.debut for o in busy)}
    return {
        "participant": participant,
        "tableau": tableau,
        "mois": build_mois(postes, said, pris),
        "jours": sorted({poste.jour for poste in postes}),
        "choix": Choix.choices,
        "deja": participant.repondu_le is not None,
        "pris": bool(pris),
    }


def take_voeux(request: Requete, found: Participant, *, public: bool | None) -> tuple[bool, dict[str, Any]]:
    """Keep the days sent, if any: whether they are kept, and the calendar to show (what was typed, when refused)."""
    saisie = build_saisie(found)
    saisie["ouvert"] = services.is_voeux_ouverts(found.tableau, request.acteur)
    if request.method != "POST":
        return False, saisie
    choix = read_voeux(request.POST, saisie["jours"])
    done = attempt(
        request,
        lambda: services.save_voeux(participant_id=found.pk, choix=choix, nom_public=public, by=request.acteur),
        done="Merci, c’est noté. Vous pouvez changer d’avis tant que les vœux sont ouverts.",
    )
    return bool(done), saisie | build_saisie(found, choix)


@acces(DIRE)
@require_http_methods(["GET", "POST"])
def voeux(request: Requete, slug: str, participant_id: UUID) -> HttpResponse:
    """One's own wishes, or those that somebody said on the telephone."""
    found = selectors.get_participant(participant_id, for_acteur=request.acteur)
    gere = request.acteur.can(GERER)
    if not gere and found.tableau.etat == EtatTableau.BROUILLON:
        raise Http404
    done, saisie = take_voeux(request, found, public=None if gere else request.POST.get("nom_public") == "1")
    if done:
        if gere:
            return redirect("gardes_participants", slug=slug, pk=found.tableau_id)
        return redirect("gardes_voeux", slug=slug, participant_id=found.pk)
    contexte = {
        "titre": "Vos disponibilités" if not gere else f"Disponibilités de {found.personne}",
        "sous_titre": found.tableau.nom,
        "fil": build_fil(request, found.tableau, "Vœux")
        if gere
        else [("Mes gardes", reverse("gardes_miennes", args=[slug])), ("Disponibilités", "")],
        "gere": gere,
        **saisie,
    }
    return render(request, "gardes/voeux.html", contexte)
