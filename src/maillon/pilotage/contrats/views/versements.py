"""The five years of payments: expected, received, decided."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.ui import annonces

from .. import presentation_versements, selectors, services
from ..echeances import compute_echeancier
from ..enums import GenreDecision
from ..exports_versements import TYPES, write_export
from ..forms_versements import DecisionForm, VersementForm
from ..models import Contrat, VersementRecu
from ..permissions import LIRE, MODIFIER


def with_contrat(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the community's contract, which it is given; without a contract, the page that says so."""

    @wraps(view)
    def wrapper(request: Requete, slug: str) -> HttpResponse:
        contrat = selectors.get_contrat(request.cpts.pk)
        return redirect("pilotage:annee", slug=slug) if contrat is None else view(request, contrat)

    return wrapper


@acces(LIRE)
@require_GET
@with_contrat
def versements(request: Requete, contrat: Contrat) -> HttpResponse:
    """What is paid over five years, when, how surely, and what arrived; or its export."""
    forme = request.GET.get("export", "")
    if not forme:
        return _render(request, contrat)
    suivi = compute_echeancier(contrat, today())
    if forme not in TYPES or suivi is None:
        raise Http404
    reponse = HttpResponse(write_export(suivi, forme), content_type=TYPES[forme])
    reponse["Content-Disposition"] = f'attachment; filename="versements-{request.cpts.slug}.{forme}"'
    return reponse


def _render(request: Requete, contrat: Contrat, status: int = 200, **contexte: Any) -> HttpResponse:
    slug = request.cpts.slug
    suivi = compute_echeancier(contrat, today())
    faits: dict[str, Any] = {
        "titre": "Les versements",
        "fil": [
            ("L’année", reverse("pilotage:annee", args=[slug])),
            ("Le contrat", reverse("pilotage:contrat", args=[slug])),
            ("Les versements", ""),
        ],
        "contrat": contrat,
        "suivi": suivi,
        "adresse_fin": reverse("pilotage:fin", args=[slug]),
        "recus": contrat.versements_recus.select_related("document").order_by("-le", "-saisi_le"),
    }
    if suivi is not None:
        faits |= {
            "chiffres": presentation_versements.build_chiffres(suivi),
            "courbe": presentation_versements.build_courbe(suivi),
            "lignes": presentation_versements.build_lignes(suivi),
            "ecarts": presentation_versements.build_ecarts(suivi),
            "totaux": presentation_versements.build_totaux(suivi),
        }
    if request.acteur.can(MODIFIER):
        faits |= {
            "form_versement": VersementForm(contrat=contrat),
            "form_decision": DecisionForm(contrat=contrat, prefix="decision"),
        }
    return render(request, "pilotage/versements.html", faits | contexte, status=status)


@acces(MODIFIER)
@require_POST
@with_contrat
def recevoir(request: Requete, contrat: Contrat) -> HttpResponse:
    """Record what arrived on the account."""
    form = VersementForm(request.POST, request.FILES, contrat=contrat)
    if form.is_valid():
        try:
            recu = services.record_versement(contrat=contrat, by=request.acteur, **form.faits)
            url = reverse("pilotage:retirer_versement", args=[request.cpts.slug, recu.pk])
            annonces.offer_undo(request, "Le versement est enregistré.", url)
            return redirect("pilotage:versements", slug=request.cpts.slug)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return _render(request, contrat, status=422, form_versement=form)


@acces(MODIFIER)
@require_POST
def retirer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Take back a receipt entered by mistake."""
    recu = get_object_or_404(VersementRecu, pk=pk, cpts=request.cpts)
    services.remove_versement(recu=recu, by=request.acteur)
    messages.success(request, "Le versement est retiré. L’historique en garde la trace.")
    return redirect("pilotage:versements", slug=request.cpts.slug)


@acces(MODIFIER)
@require_POST
@with_contrat
def decider(request: Requete, contrat: Contrat) -> HttpResponse:
    """Record an evaluation, a recognised crisis, the start-up aid."""
    form = DecisionForm(request.POST, contrat=contrat, prefix="decision")
    if form.is_valid():
        lus = form.cleaned_data
        try:
            services.record_decision(
                contrat=contrat,
                genre=GenreDecision(lus["genre"]),
                le=lus["decidee_le"],
                annee=lus["annee"],
                mission=lus["mission"],
                montant=lus["montant"],
                by=request.acteur,
            )
            messages.success(request, "La décision est enregistrée, l’échéancier en tient compte.")
            return redirect("pilotage:versements", slug=request.cpts.slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _render(request, contrat, status=422, form_decision=form)
