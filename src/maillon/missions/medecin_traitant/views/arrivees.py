"""Departures and arrivals of doctors: announced, corrected, cancelled; the balance of the territory."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.composants import Evenement
from maillon.socle.ui.listes import afficher_liste

from .. import services
from ..forms import MouvementForm, mouvement_initial
from ..models import Mouvement
from ..permissions import GERER
from ..selectors import list_communes
from ..selectors.offre import compute_bilan, get_mouvement, list_visible_mouvements
from ..selectors.recensement import list_recenses
from .commun import attempt
from .listes_places import ListeMouvements
from .onglets_places import build_fil, build_onglets_places

MOUVEMENTS = "Départs et arrivées"


@acces(GERER)
@require_safe
def mouvements(request: Requete, slug: str) -> HttpResponse:
    contexte = {
        "fil": build_fil(request, (MOUVEMENTS, "")),
        "onglets": build_onglets_places(request, "medecin_traitant_mouvements"),
        "bilan": compute_bilan(request.cpts.pk, on=today()),
    }
    rows = list_visible_mouvements(request.acteur)
    return afficher_liste(request, ListeMouvements, rows, gabarit="medecin_traitant/mouvements.html", contexte=contexte)


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def nouveau(request: Requete, slug: str) -> HttpResponse:
    return _edit(request, slug, None)


@acces(GERER)
@require_http_methods(["GET", "HEAD", "POST"])
def mouvement(request: Requete, slug: str, mouvement_id: UUID) -> HttpResponse:
    return _edit(request, slug, get_mouvement(mouvement_id, for_acteur=request.acteur))


def _edit(request: Requete, slug: str, found: Mouvement | None) -> HttpResponse:
    cpts_id = request.cpts.pk
    form = MouvementForm(
        request.POST or None,
        initial=mouvement_initial(found) if found else None,
        medecins=list_recenses(cpts_id).order_by("nom_recherche"),
        communes=list_communes(cpts_id),
    )
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            request,
            lambda: services.record_mouvement(
                cpts_id=cpts_id,
                saisie=form.to_saisie(),
                by=request.acteur,
                mouvement_id=found.pk if found else None,
            ),
            done="C’est enregistré.",
        )
        if saved:
            return redirect("medecin_traitant_mouvements", slug=slug)
    liste = reverse("medecin_traitant_mouvements", args=[slug])
    titre = str(found) if found else "Annoncer un départ ou une arrivée"
    fige = found is not None and bool(found.applique_le or found.annule_le)
    contexte = {
        "titre": titre,
        "fil": build_fil(request, (MOUVEMENTS, liste), (titre, "")),
        "form": form,
        "annuler": liste,
        "mouvement": found,
        "fige": fige,
        "evenements": _events(found) if found else [],
    }
    return render(request, "medecin_traitant/mouvement.html", contexte, status=422 if form.errors else 200)


def _events(found: Mouvement) -> list[Evenement]:
    """What happened to it, latest first."""
    events = [Evenement(found.le, found.get_genre_display().capitalize(), found.qui, ton="cours")]
    if found.applique_le:
        events.insert(0, Evenement(found.applique_le, "Places fermées, coordination prévenue", ton="bien"))
    if found.annule_le:
        events.insert(0, Evenement(found.annule_le, "Annulé", ton="neutre"))
    return events


@acces(GERER)
@require_POST
def annuler(request: Requete, slug: str, mouvement_id: UUID) -> HttpResponse:
    found = get_mouvement(mouvement_id, for_acteur=request.acteur)
    services.cancel_mouvement(mouvement_id=found.pk, by=request.acteur)
    offer_undo(
        request, f"{found}\u00a0: c’est annulé.", reverse("medecin_traitant_mouvement_remettre", args=[slug, found.pk])
    )
    return redirect("medecin_traitant_mouvements", slug=slug)


@acces(GERER)
@require_POST
def remettre(request: Requete, slug: str, mouvement_id: UUID) -> HttpResponse:
    found = get_mouvement(mouvement_id, for_acteur=request.acteur)
    attempt(request, lambda: services.restore_mouvement(mouvement_id=found.pk, by=request.acteur))
    return redirect("medecin_traitant_mouvements", slug=slug)
