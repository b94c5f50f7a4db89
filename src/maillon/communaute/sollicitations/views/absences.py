"""When a professional is away."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete

from .. import services
from ..forms import AbsenceForm
from ..models import ActionRefusee
from ..permissions import REPONDRE
from ..selectors import list_absences
from .commun import get_self
from .liste import show


@acces(REPONDRE, patients=True)
@require_POST
def declarer(request: Requete, slug: str) -> HttpResponse:
    """Away from one day to another."""
    professionnel = get_self(request)
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return show(request, form, status=422)
    try:
        services.declare_absence(
            cpts_id=request.cpts.pk, professionnel=professionnel, **form.cleaned_data, by=request.acteur
        )
    except ActionRefusee as refus:
        form.add_error("du", str(refus))
        return show(request, form, status=422)
    messages.success(request, "Votre absence est notée. Rien ne vous sera demandé pendant ces jours.")
    return redirect("sollicitations:liste", slug=slug)


@acces(REPONDRE, patients=True)
@require_POST
def retirer(request: Requete, slug: str, absence_id: UUID) -> HttpResponse:
    """There after all."""
    own = list_absences(get_self(request), cpts_id=request.cpts.pk)
    absence = next((absence for absence in own if absence.pk == absence_id), None)
    if absence is None:
        raise Http404
    services.cancel_absence(absence=absence, by=request.acteur)
    messages.success(request, "Votre absence est retirée.")
    return redirect("sollicitations:liste", slug=slug)
