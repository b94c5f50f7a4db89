"""The waves of a request: take one doctor back, send the next wave without waiting, answer for a doctor on the
telephone, undo an answer recorded by mistake."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from maillon.communaute.sollicitations.services import hasten, withdraw
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import services
from ..enums import MotifRefus
from ..models import Demande
from ..permissions import GERER
from ..selectors import get_demande
from .commun import attempt


def _get(request: Requete, demande_id: UUID, sollicitation_id: UUID) -> Demande:
    """The request that holds this solicitation, or 404."""
    demande = get_demande(demande_id, for_acteur=request.acteur)
    if not demande.sollicitations.filter(pk=sollicitation_id).exists():
        raise Http404
    return demande


@acces(GERER, patients=True)
@require_POST
def avancer(request: Requete, slug: str, demande_id: UUID, appel_id: UUID) -> HttpResponse:
    """The next wave leaves now; who was asked before may still answer."""
    demande = get_demande(demande_id, for_acteur=request.acteur)
    if not demande.sollicitations.filter(appel=appel_id).exists():
        raise Http404
    attempt(
        request,
        lambda: hasten(appel_id=appel_id, by=request.acteur),
        done="La vague suivante est partie.",
    )
    return redirect("medecin_traitant_fiche", slug=slug, demande_id=demande.pk)


@acces(GERER, patients=True)
@require_POST
def retirer(request: Requete, slug: str, demande_id: UUID, sollicitation_id: UUID) -> HttpResponse:
    """One doctor is no longer asked."""
    demande = _get(request, demande_id, sollicitation_id)
    attempt(
        request,
        lambda: withdraw(sollicitation_id=sollicitation_id, by=request.acteur),
        done="Ce médecin n’est plus sollicité.",
    )
    return redirect("medecin_traitant_fiche", slug=slug, demande_id=demande.pk)


@acces(GERER, patients=True)
@require_POST
def repondre_pour_medecin(request: Requete, slug: str, demande_id: UUID, sollicitation_id: UUID) -> HttpResponse:
    """The doctor's answer, told on the telephone: yes, or no with the reason touched."""
    demande = _get(request, demande_id, sollicitation_id)
    reponse = request.POST.get("reponse", "")
    if reponse == "oui" or reponse in MotifRefus.values:
        attempt(
            request,
            lambda: services.record_reponse_medecin(
                demande_id=demande.pk,
                sollicitation_id=sollicitation_id,
                motif=None if reponse == "oui" else MotifRefus(reponse),
                by=request.acteur,
            ),
            done="La réponse du médecin est notée.",
            undo=reverse("medecin_traitant_annuler_reponse_medecin", args=[slug, demande.pk, sollicitation_id]),
        )
    else:
        messages.error(request, "Rien n’est noté\u00a0: choisissez oui, ou une raison de refus.")
    return redirect("medecin_traitant_fiche", slug=slug, demande_id=demande.pk)


@acces(GERER, patients=True)
@require_POST
def annuler_reponse_medecin(request: Requete, slug: str, demande_id: UUID, sollicitation_id: UUID) -> HttpResponse:
    """The doctor's yes or no was recorded by mistake."""
    demande = _get(request, demande_id, sollicitation_id)
    attempt(
        request,
        lambda: services.undo_reponse_medecin(
            demande_id=demande.pk, sollicitation_id=sollicitation_id, by=request.acteur
        ),
        done="La réponse est annulée\u00a0: celle du médecin est de nouveau attendue.",
    )
    return redirect("medecin_traitant_fiche", slug=slug, demande_id=demande.pk)
