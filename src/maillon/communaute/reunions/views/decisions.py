"""Decisions and tasks: written with the minutes, done in one touch."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.annonces import offer_undo
from maillon.socle.ui.listes import afficher_liste

from ..forms.comptes_rendus import DecisionForm, TacheForm
from ..listes_taches import ListeTaches
from ..models import PointOrdreDuJour, Tache
from ..permissions import GERER, VOIR
from ..selectors.decisions import get_ma_tache, get_tache, list_decisions, taches_visibles
from ..selectors.decisions import mes_taches as find_mes_taches
from ..selectors.reunions import get_reunion
from ..services import decisions as services
from .commun_presences import attempt
from .comptes_rendus import list_gens, render_compte_rendu


@acces(GERER)
@require_POST
def ajouter_decision(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    reunion = get_reunion(pk, for_acteur=request.acteur)
    form = DecisionForm(request.POST, points=PointOrdreDuJour.objects.filter(reunion=reunion))
    if not form.is_valid():
        return render_compte_rendu(request, reunion, status=422, form_decision=form)
    decision = services.record_decision(
        reunion=reunion, texte=form.cleaned_data["texte"], point=form.cleaned_data["point"], by=request.acteur
    )
    offer_undo(
        request,
        "La décision est enregistrée.",
        reverse("reunions:decision_retirer", args=[slug, pk, decision.pk]),
    )
    return _to_suites(slug, pk)


@acces(GERER)
@require_POST
def retirer_decision(request: Requete, slug: str, pk: UUID, decision_id: UUID) -> HttpResponse:
    reunion = get_reunion(pk, for_acteur=request.acteur)
    decision = next((une for une in list_decisions(reunion) if une.pk == decision_id), None)
    if decision is not None:
        attempt(
            request,
            lambda: services.remove_decision(decision=decision, by=request.acteur),
            done="La décision est retirée.",
        )
    return _to_suites(slug, pk)


@acces(GERER)
@require_POST
def ajouter_tache(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    reunion = get_reunion(pk, for_acteur=request.acteur)
    form = TacheForm(request.POST, gens=list_gens(reunion))
    if not form.is_valid():
        return render_compte_rendu(request, reunion, status=422, form_tache=form)
    tache = services.give_tache(reunion=reunion, by=request.acteur, **form.cleaned_data)
    offer_undo(request, "La tâche est confiée.", reverse("reunions:tache_retirer", args=[slug, tache.pk]))
    return _to_suites(slug, pk)


@acces(GERER)
@require_POST
def retirer_tache(request: Requete, slug: str, tache_id: UUID) -> HttpResponse:
    tache = get_tache(tache_id, for_acteur=request.acteur)
    attempt(request, lambda: services.remove_tache(tache=tache, by=request.acteur), done="La tâche est retirée.")
    return _to_suites(slug, tache.reunion_id)


def _to_suites(slug: str, pk: UUID) -> HttpResponse:
    return redirect(reverse("reunions:compte_rendu", args=[slug, pk]) + "#suites")


@acces(VOIR)
@require_safe
def mes_taches(request: Requete, slug: str) -> HttpResponse:
    """What the person who asks has to do, the most pressing first; then what they did lately."""
    taches = find_mes_taches(request.acteur)
    contexte = {
        "titre": "Mes tâches",
        "sous_titre": "Ce que vous vous êtes engagé à faire en réunion.",
        "ouvertes": list(taches.ouvertes()),
        "faites": list(taches.filter(faite_le__isnull=False).order_by("-faite_le")[:10]),
        "aujourd_hui": today(),
    }
    return render(request, "reunions/mes_taches.html", contexte)


@acces(GERER)
@require_safe
def taches(request: Requete, slug: str) -> HttpResponse:
    """Everybody's tasks: filter, sort, export."""
    fil = [("Réunions", reverse("reunions:liste", args=[slug])), ("Tâches", "")]
    return afficher_liste(request, ListeTaches, taches_visibles(request.acteur), contexte={"fil": fil})


@acces(VOIR)
@require_POST
def faite(request: Requete, slug: str, tache_id: UUID) -> HttpResponse:
    """Done, in one touch."""
    tache = get_ma_tache(tache_id, for_acteur=request.acteur)
    services.finish_tache(tache=tache, by=request.acteur)
    offer_undo(request, "C’est fait.", reverse("reunions:tache_rouvrir", args=[slug, tache.pk]))
    return _back(request, tache)


@acces(VOIR)
@require_POST
def rouvrir(request: Requete, slug: str, tache_id: UUID) -> HttpResponse:
    """Not done after all."""
    tache = get_ma_tache(tache_id, for_acteur=request.acteur)
    services.reopen_tache(tache=tache, by=request.acteur)
    return _back(request, tache)


def _back(request: Requete, tache: Tache) -> HttpResponse:
    """To the page of the meeting when the touch came from there, else to one's own list."""
    if request.POST.get("retour") == "reunion":
        return _to_suites(request.cpts.slug, tache.reunion_id)
    return redirect("reunions:mes_taches", slug=request.cpts.slug)
