"""The waves of a request: take one doctor back, send the next wave without waiting."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from maillon.communaute.sollicitations.services import hasten, withdraw
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from ..permissions import GERER
from ..selectors import get_demande
from .commun import attempt


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
    demande = get_demande(demande_id, for_acteur=request.acteur)
    if not demande.sollicitations.filter(pk=sollicitation_id).exists():
        raise Http404
    attempt(
        request,
        lambda: withdraw(sollicitation_id=sollicitation_id, by=request.acteur),
        done="Ce médecin n’est plus sollicité.",
    )
    return redirect("medecin_traitant_fiche", slug=slug, demande_id=demande.pk)
