"""Requests: followed by who asked, answered by the desk and by the regulators."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.sollicitations.selectors import build_vagues
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.journal.listes import describe_evenement
from maillon.socle.ui.composants import Evenement, Fait
from maillon.socle.ui.typographie import format_date_heure, format_duree

from .. import services
from ..enums import SANS_REPONSE, EtatDemande, Reponse
from ..forms.demandes import RepondreForm
from ..models import GENRE, DemandeSoin
from ..permissions import GERER
from ..selectors.demandes import get_demande, list_histoire, read_jour
from .commun import attempt, pastille_demande
from .cotes import Cote, on_side
from .portes import for_members, open_page


@on_side
def show_jour(request: Requete, cote: Cote) -> HttpResponse:
    """What waits, the urgent first; the desk sees all, the others what they asked."""
    jour = read_jour(for_acteur=cote.acteur)
    moment = now()
    contexte = {
        "titre": "Demandes du jour"
        if cote.is_guichet
        else "Demandes à reprendre"
        if cote.is_regulation
        else "Mes demandes",
        "groupes": [
            ("À vous", "alerte", _rows(jour.escaladees, cote)),
            ("Un professionnel a accepté", "cours", _rows(jour.acceptees, cote)),
            ("Sollicitation en cours", "cours", _rows(jour.en_cours, cote)),
            ("Ces dernières 24 heures", "neutre", _rows(jour.repondues, cote)),
        ],
        "attente": jour.attente,
        "au_dela": jour.au_dela,
        "moment": moment,
        "recherche": cote.url("recherche"),
        "demander": cote.url("demander"),
        "rafraichir": cote.url("demandes"),
        "guichet": cote.is_guichet,
        "regulation": cote.is_regulation,
    }
    partial = bool(request.headers.get("HX-Request"))
    return render(request, f"soins_non_programmes/{'_jour' if partial else 'demandes'}.html", contexte)


def _rows(demandes: tuple[DemandeSoin, ...], cote: Cote) -> list[dict[str, Any]]:
    """One line each: the clock, the next step, where to click."""
    return [
        {
            "demande": demande,
            "etat": pastille_demande(demande),
            "delai": format_duree((demande.repondue_le or now()) - demande.deposee_le),
            "etape": say_etape(demande) if demande.etat in SANS_REPONSE else say_fin(demande),
            "retard": demande.etat in SANS_REPONSE and demande.avant_le < now(),
            "url": cote.url("demande", demande.pk),
            "a_chercher": demande.etat in SANS_REPONSE and (cote.is_guichet or cote.is_regulation),
            "chercher": f"{cote.url('recherche')}?demande={demande.pk}&profession={demande.profession}",
        }
        for demande in demandes
    ]


def say_etape(demande: DemandeSoin) -> str:
    """The next step and its hour, or the answer."""
    if demande.etat in (EtatDemande.POURVUE, EtatDemande.ORIENTEE):
        return demande.get_reponse_display().capitalize()
    if demande.etat == EtatDemande.ANNULEE:
        return "Annulée par le demandeur"
    if demande.etat == EtatDemande.ACCEPTEE:
        return f"{demande.accepte_par} dit à quelle heure"
    if demande.etat == EtatDemande.ESCALADEE:
        return "À vous\u00a0: appelez, ou donnez une réponse"
    assert demande.prochaine_le is not None
    jour, *heure = format_date_heure(demande.prochaine_le).split(", ")
    same_day = timezone.localdate(demande.prochaine_le) == timezone.localdate(now())
    return f"Réponse attendue avant {heure[0] if same_day else f'{jour}, {heure[0]}'}"


def say_fin(demande: DemandeSoin) -> str:
    """What the state alone does not say: with whom, or which other answer."""
    if demande.etat == EtatDemande.ORIENTEE:
        return demande.get_reponse_display().capitalize()
    return f"Par {demande.accepte_par}" if demande.etat == EtatDemande.POURVUE and demande.accepte_par else ""


@on_side
def show_demande(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    """One request: where it stands, what comes next, the gestures."""
    demande = get_demande(demande_id, for_acteur=cote.acteur)
    identites = {}
    if not cote.is_regulation:
        identites = read_identites([demande.patient_id], quoi="identite", pourquoi="demande de soin", by=cote.acteur)
    en_cours = demande.etat in SANS_REPONSE
    vagues = build_vagues(GENRE, demande.pk) if cote.is_guichet else []
    given = demande.rendez_vous.pris().select_related("creneau__professionnel").first() if not en_cours else None
    contexte = {
        "titre": demande.reference,
        "demande": demande,
        "etat": pastille_demande(demande),
        "sous_titre": f"Déposée {format_date_heure(demande.deposee_le)}, {demande.get_origine_display()}.",
        "etape": say_etape(demande),
        "delai": format_duree((demande.repondue_le or now()) - demande.deposee_le),
        "retard": en_cours and demande.avant_le < now(),
        "faits": build_faits(demande),
        "identite": identites.get(demande.patient_id),
        "en_cours": en_cours,
        "annulable": en_cours and may_cancel(demande, cote),
        "guichet": cote.is_guichet,
        "peut_repondre": en_cours and (cote.is_guichet or cote.is_regulation),
        "vagues": [vague for vague in vagues if not vague.prevue],
        "prevues": [vague for vague in reversed(vagues) if vague.prevue],
        "evenements": build_histoire(demande) if cote.is_guichet else [],
        "repondre_form": RepondreForm(),
        "chercher": f"{cote.url('recherche')}?demande={demande.pk}&profession={demande.profession}",
        "adresses": {nom: cote.url(nom, demande.pk) for nom in ("repondre", "annuler_demande", "rouvrir")},
        "solliciter": cote.url("solliciter", demande.pk) if cote.is_guichet else "",
        "rendez_vous": given,
        "rendez_vous_url": cote.url("rendez_vous", given.pk) if given else "",
        "heure_url": _heure_url(demande, cote),
        "fil": [("Demandes", cote.url("demandes")), (demande.reference, "")],
    }
    return render(request, "soins_non_programmes/demande.html", contexte)


def may_cancel(demande: DemandeSoin, cote: Cote) -> bool:
    """Who asked, the desk and the regulators say that nobody is sought any more."""
    asked = cote.acteur.membre_id is not None and demande.demandeur_id == cote.acteur.membre_id
    return asked or cote.is_guichet or cote.is_regulation


def _heure_url(demande: DemandeSoin, cote: Cote) -> str:
    """Where who accepted says the hour."""
    mine = demande.accepte_par is not None and demande.accepte_par.rpps == cote.acteur.rpps
    return cote.url("heure", demande.pk) if mine and demande.etat in SANS_REPONSE else ""


def build_faits(demande: DemandeSoin) -> list[Fait]:
    """What is sought; who asked, so that they may be called."""
    demandeur = str(demande.demandeur) if demande.demandeur else demande.get_origine_display()
    usuel = [Fait("Professionnel habituel", str(demande.usuel))] if demande.usuel else []
    return [
        Fait("Besoin", f"{demande.get_besoin_display()}, {demande.get_modalite_display()}"),
        Fait("Réponse attendue", format_date_heure(demande.avant_le)),
        Fait("Commune", demande.commune.nom),
        Fait("Demandée par", demandeur),
        *usuel,
    ]


def build_histoire(demande: DemandeSoin) -> list[Evenement]:
    return [Evenement(entree.le, describe_evenement(entree.evenement)) for entree in list_histoire(demande)]


def _do(request: Requete, cote: Cote, demande_id: UUID, action: Any, done: str, undo: str = "") -> HttpResponse:
    """One gesture on a request, inside its community."""
    demande = get_demande(demande_id, for_acteur=cote.acteur)

    def run() -> Any:
        with cote.inside(demande.cpts):
            return action(demande)

    attempt(request, run, done=done, undo=cote.url(undo, demande.pk) if undo else "")
    still = DemandeSoin.objects.visible_to(cote.acteur).filter(pk=demande.pk).exists()
    return redirect(cote.url("demande", demande.pk) if still else cote.url("demandes"))


@on_side
def answer_page(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    """What the person was told instead of an appointment."""
    form = RepondreForm(request.POST)
    if not form.is_valid():
        demande = get_demande(demande_id, for_acteur=cote.acteur)
        messages.error(request, "Dites ce qui a été répondu à la personne.")
        return redirect(cote.url("demande", demande.pk))
    reponse = Reponse(form.cleaned_data["reponse"])
    return _do(
        request,
        cote,
        demande_id,
        lambda demande: services.answer_demande(demande_id=demande.pk, reponse=reponse, by=cote.acteur),
        "La réponse est notée, avec son heure.",
        "" if cote.is_regulation else "rouvrir",
    )


@on_side
def cancel_demande_page(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    """Who accepted goes back on it instead: the person still waits for somebody."""
    if not may_cancel(get_demande(demande_id, for_acteur=cote.acteur), cote):
        raise Http404
    return _do(
        request,
        cote,
        demande_id,
        lambda demande: services.cancel_demande(demande_id=demande.pk, by=cote.acteur),
        "La demande est annulée. Plus personne n’est sollicité.",
        "" if cote.is_regulation else "rouvrir",
    )


@on_side
def reopen_page(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    return _do(
        request,
        cote,
        demande_id,
        lambda demande: services.reopen_demande(demande_id=demande.pk, by=cote.acteur),
        "La demande est rouverte\u00a0: des professionnels sont sollicités.",
    )


@on_side
def ask_page(request: Requete, cote: Cote, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=cote.acteur)
    asked = attempt(request, lambda: services.ask_professionnels(demande_id=demande.pk, by=cote.acteur))
    if asked is True and DemandeSoin.objects.filter(pk=demande.pk, etat=EtatDemande.SOLLICITEE).exists():
        messages.success(request, "Des professionnels sont sollicités de nouveau.")
    return redirect(cote.url("demande", demande.pk))


jour = for_members(show_jour)
demande = for_members(show_demande)
repondre = open_page(answer_page, GERER, require_POST)
annuler = for_members(cancel_demande_page, require_POST)
rouvrir = for_members(reopen_page, require_POST)
solliciter = open_page(ask_page, GERER, require_POST)
