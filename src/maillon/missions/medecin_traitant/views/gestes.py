"""Gestures on a request, from its sheet: the desk qualifies, plans, closes, opens again, takes back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from maillon.communaute.patients.services import record_opposition
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import services
from ..enums import Cloture
from ..forms import CloreForm, FaitsForm, PrevoirForm, build_faits
from ..permissions import GERER
from ..selectors import get_demande, list_responsables
from .commun import attempt, back_to_fiche


@acces(GERER, patients=True)
@require_POST
def qualifier(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    form = FaitsForm(request.POST)
    if form.is_valid():
        faits = build_faits(form.cleaned_data)
        attempt(
            request,
            lambda: services.qualify_demande(demande_id=demande.pk, faits=faits, by=request.acteur),
            done="La situation est enregistrée et la priorité calculée.",
        )
    else:
        messages.error(request, "La situation n’a pas été enregistrée : choisissez parmi les réponses proposées.")
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def repondre_pour_patient(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """The patient's answer, told on the telephone."""
    demande = get_demande(demande_id, for_acteur=request.acteur)
    reponse = request.POST.get("reponse")
    if reponse in {"oui", "non"}:
        attempt(
            request,
            lambda: services.confirm_by_patient(
                demande_id=demande.pk,
                oui=reponse == "oui",
                by=request.acteur,
            ),
            done="La réponse du patient est enregistrée.",
            undo=reverse("medecin_traitant_annuler_reponse", args=[slug, demande.pk]),
        )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def prevoir(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    form = PrevoirForm(request.POST, membres=list_responsables(demande.cpts_id))
    if form.is_valid():
        attempt(
            request,
            lambda: services.plan_demande(
                demande_id=demande.pk,
                responsable_id=UUID(form.cleaned_data["responsable"]),
                prochaine_date=form.cleaned_data["prochaine_date"],
                by=request.acteur,
            ),
            done="La prochaine étape est notée.",
        )
    else:
        messages.error(request, "La prochaine étape n’a pas été notée : donnez une personne et une date.")
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def clore(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    form = CloreForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: services.close_demande(
                demande_id=demande.pk,
                motif=Cloture(form.cleaned_data["motif"]),
                by=request.acteur,
            ),
            done="La demande est close. Elle peut être rouverte.",
            undo=reverse("medecin_traitant_rouvrir", args=[slug, demande.pk]),
        )
    else:
        messages.error(request, "La demande n’est pas close : choisissez un motif.")
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def rouvrir(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    demande = get_demande(demande_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.reopen_demande(demande_id=demande.pk, by=request.acteur),
        done="La demande est rouverte, à son rang.",
    )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def annuler_reponse(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """The patient's yes or no was recorded by mistake."""
    demande = get_demande(demande_id, for_acteur=request.acteur)
    attempt(
        request,
        lambda: services.undo_reponse_patient(demande_id=demande.pk, by=request.acteur),
        done="La réponse est annulée : le médecin reste réservé, la réponse du patient est attendue.",
    )
    return back_to_fiche(request, demande)


@acces(GERER, patients=True)
@require_POST
def opposer(request: Requete, slug: str, demande_id: UUID) -> HttpResponse:
    """The person opposes the processing of their data, or takes the opposition back."""
    demande = get_demande(demande_id, for_acteur=request.acteur)
    opposed = request.POST.get("geste") != "lever"
    record_opposition(patient=demande.patient, by=request.acteur, opposed=opposed)
    if opposed:
        messages.success(
            request, "L’opposition est enregistrée : plus personne ne lit ces données, rien n’est plus en cours."
        )
    else:
        messages.success(request, "L’opposition est levée. Rien n’est rouvert : rouvrez la demande si besoin.")
    return back_to_fiche(request, demande)
