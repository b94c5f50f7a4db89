"""The contract: its terms, its missions, its entry."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today

from .. import presentation, selectors, services
from ..annee import compute_annee
from ..forms import ContratForm, DemarrageForm, DeploiementForm
from ..models import MissionContrat
from ..permissions import LIRE, MODIFIER


@acces(LIRE)
@require_GET
def contrat(request: Requete, slug: str) -> HttpResponse:
    """The terms of the contract, explained line by line."""
    return _render_contrat(request)


def _render_contrat(request: Requete, status: int = 200, **contexte: Any) -> HttpResponse:
    slug = request.cpts.slug
    objet = selectors.get_contrat(request.cpts.pk)
    if objet is None:
        return redirect("pilotage:annee", slug=slug)
    annee = compute_annee(objet, today())
    avenants = list(objet.avenants.select_related("document"))
    texte = selectors.get_texte_signe(objet)
    return render(
        request,
        "pilotage/contrat.html",
        {
            "titre": "Le contrat",
            "contrat": objet,
            "texte_signe": texte,
            "annee": annee,
            "faits": presentation.build_faits_contrat(objet, annee) + presentation.build_faits_signature(texte),
            "explication": presentation.build_explication(annee),
            "evenements": presentation.build_frise(objet, today(), avenants),
            "avenants": avenants,
            "modifiable": request.acteur.can(MODIFIER),
            "form": DemarrageForm(),
            **contexte,
        },
        status=status,
    )


@acces(MODIFIER)
@require_POST
def demarrer_mission(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Record the start of a mission."""
    missions = MissionContrat.objects.select_related("contrat")
    mission = get_object_or_404(missions, pk=pk, cpts=request.cpts)
    form = DemarrageForm(request.POST)
    if form.is_valid():
        try:
            services.start_mission(mission=mission, le=form.cleaned_data["le"], by=request.acteur)
            messages.success(request, f"La mission {mission.get_mission_display()} a démarré.")
            return redirect("pilotage:contrat", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _render_contrat(request, status=422, form=form, mission_ouverte=mission.pk)


@acces(MODIFIER)
@require_POST
def deployer_mission(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Record that a mission is deployed."""
    missions = MissionContrat.objects.select_related("contrat")
    mission = get_object_or_404(missions, pk=pk, cpts=request.cpts)
    form = DeploiementForm(request.POST)
    if form.is_valid():
        try:
            services.deploy_mission(mission=mission, le=form.cleaned_data["le"], by=request.acteur)
            messages.success(request, f"La mission {mission.get_mission_display()} est déployée.")
            return redirect("pilotage:contrat", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _render_contrat(request, status=422, form=form, mission_ouverte=mission.pk)


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def nouveau(request: Requete, slug: str) -> HttpResponse:
    """Enter a contract from its file: terms, indicators and tiers, refused with the numbers that disagree."""
    form = ContratForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_contrat(cpts_id=request.cpts.pk, donnees=form.contrat, by=request.acteur)
            messages.success(request, "Le contrat est enregistré.")
            return redirect("pilotage:contrat", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return render(
        request,
        "pilotage/nouveau.html",
        {
            "titre": "Saisir le contrat",
            "fil": [("L’année", reverse("pilotage:annee", args=[slug])), ("Saisir le contrat", "")],
            "form": form,
        },
        status=422 if form.errors else 200,
    )
