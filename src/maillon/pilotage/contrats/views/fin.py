"""The end of a contract: what a termination would cost, ending it, preparing the next, putting a draft in force."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from maillon.regles import aci
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import format_euros

from .. import presentation_versements, services
from ..echeances import compute_echeancier
from ..enums import EtatContrat
from ..forms_versements import ResiliationForm
from ..models import Contrat
from ..permissions import LIRE, MODIFIER
from .versements import with_contrat


@acces(LIRE)
@require_GET
@with_contrat
def fin(request: Requete, contrat: Contrat) -> HttpResponse:
    """How the contract ends; with `?le=`, what ending it that day would cost."""
    if "le" not in request.GET:
        return _render(request, contrat, ResiliationForm(initial={"le": today()}))
    form = ResiliationForm(request.GET)
    compte = None
    if form.is_valid():
        try:
            compte = services.simulate_resiliation(contrat, le=form.cleaned_data["le"])
        except ErreurRegle as refus:
            form.add_error("le", str(refus))
    return _render(request, contrat, form, 422 if form.errors else 200, compte=compte)


def _render(
    request: Requete, contrat: Contrat, form: ResiliationForm, status: int = 200, **contexte: Any
) -> HttpResponse:
    slug = request.cpts.slug
    suivi = compute_echeancier(contrat, today())
    compte: aci.Resiliation | None = contexte.get("compte") or (suivi.resiliation if suivi else None)
    modifiable = request.acteur.can(MODIFIER)
    en_vigueur = contrat.etat == EtatContrat.ACTIF
    suivants = Contrat.objects.filter(cpts=request.cpts, signe_le__gte=contrat.periode.upper)
    return render(
        request,
        "pilotage/fin.html",
        {
            "titre": "La fin du contrat",
            "fil": [
                ("L’année", reverse("pilotage:annee", args=[slug])),
                ("Le contrat", reverse("pilotage:contrat", args=[slug])),
                ("La fin du contrat", ""),
            ],
            "contrat": contrat,
            "form": form,
            "explication": presentation_versements.explain_resiliation(compte) if compte else None,
            "resiliable": modifiable and en_vigueur and compte is not None and compte.le <= today(),
            "compte": compte,
            "texte_dialogue": _say_dialogue(compte) if compte else "",
            "en_vigueur": en_vigueur,
            "suivant": suivants.first(),
            "brouillons": Contrat.objects.filter(cpts=request.cpts, etat=EtatContrat.BROUILLON),
            "renouvelable": modifiable and contrat.etat != EtatContrat.BROUILLON and not suivants.exists(),
            "modifiable": modifiable,
        },
        status=status,
    )


def _say_dialogue(compte: aci.Resiliation) -> str:
    return (
        f"Le contrat finira le {compte.le:%d/%m/%Y} et sera clos : ses années suivantes, leurs versements et leurs "
        f"indicateurs ne compteront plus. {format_euros(compte.a_rembourser)} sont à rembourser et "
        f"{format_euros(compte.reste_du)} restent dus à la communauté. La CPAM et l’ARS le verront. "
        "Cet enregistrement ne se défait pas."
    )


@acces(MODIFIER)
@require_POST
@with_contrat
def resilier(request: Requete, contrat: Contrat) -> HttpResponse:
    """Record the termination that the dialogue named."""
    form = ResiliationForm(request.POST)
    if form.is_valid():
        try:
            services.terminate_contrat(contrat=contrat, le=form.cleaned_data["le"], by=request.acteur)
            messages.success(request, "La résiliation est enregistrée, le contrat est clos.")
            return redirect("pilotage:fin", slug=request.cpts.slug)
        except ErreurRegle as refus:
            form.add_error("le", str(refus))
    return _render(request, contrat, form, 422)


@acces(MODIFIER)
@require_POST
@with_contrat
def renouveler(request: Requete, contrat: Contrat) -> HttpResponse:
    """Prepare the next contract as a draft."""
    try:
        nouveau = services.renew_contrat(contrat=contrat, by=request.acteur)
        messages.success(request, f"Le contrat suivant est préparé, à partir du {nouveau.signe_le:%d/%m/%Y}.")
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect("pilotage:fin", slug=request.cpts.slug)


@acces(MODIFIER)
@require_POST
def mettre_en_vigueur(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Put a draft in force."""
    brouillon = get_object_or_404(Contrat, pk=pk, cpts=request.cpts)
    try:
        services.activate_contrat(contrat=brouillon, by=request.acteur)
        messages.success(request, "Le contrat est en vigueur.")
    except ErreurRegle as refus:
        messages.error(request, str(refus))
        return redirect("pilotage:fin", slug=request.cpts.slug)
    return redirect("pilotage:contrat", slug=slug)
