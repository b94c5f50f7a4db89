"""The inbox of a professional, telephone first: every mission, one touch each."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import now
from maillon.socle.ui.annonces import offer_undo

from .. import services
from ..forms import AbsenceForm
from ..permissions import REPONDRE
from ..selectors import get_own, get_professionnel, list_absences, list_attendues, list_recentes
from .commun import attempt


def show(request: Requete, form: AbsenceForm, *, status: int = 200) -> HttpResponse:
    """The inbox: what waits, what was answered, when they are away."""
    acteur = request.acteur
    professionnel = get_professionnel(acteur)
    contexte = {
        "titre": "Mes sollicitations",
        "attendues": list_attendues(for_acteur=acteur, moment=now()),
        "recentes": list_recentes(for_acteur=acteur),
        "professionnel": professionnel,
        "absences": list_absences(professionnel, cpts_id=request.cpts.pk) if professionnel else [],
        "form": form,
    }
    return render(request, "sollicitations/liste.html", contexte, status=status)


@acces(REPONDRE, patients=True)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """What waits for my answer, my latest answers, my absences."""
    return show(request, AbsenceForm())


@acces(REPONDRE, patients=True)
@require_POST
def repondre(request: Requete, slug: str, sollicitation_id: UUID) -> HttpResponse:
    """One touch: accept, or decline with the reason touched; a refusal may be undone for some seconds."""
    acteur = request.acteur
    own = get_own(sollicitation_id, for_acteur=acteur)
    genre, motif = own.appel.declare, request.POST.get("motif", "")
    if request.POST.get("geste") == "accepter":
        if attempt(request, lambda: services.accept(sollicitation_id=own.pk, by=acteur)):
            messages.success(request, genre.merci)
            if genre.ensuite is not None:
                return redirect(genre.ensuite(slug, own.appel.objet_id))
    elif motif in dict(genre.motifs) and attempt(
        request, lambda: services.decline(sollicitation_id=own.pk, motif=motif, by=acteur)
    ):
        offer_undo(request, genre.suite, reverse("sollicitations:annuler_refus", args=[slug, own.pk]))
    return redirect("sollicitations:liste", slug=slug)


@acces(REPONDRE, patients=True)
@require_POST
def annuler_refus(request: Requete, slug: str, sollicitation_id: UUID) -> HttpResponse:
    """The refusal was a slip: the answer is awaited again."""
    acteur = request.acteur
    own = get_own(sollicitation_id, for_acteur=acteur)
    if attempt(request, lambda: services.undo_decline(sollicitation_id=own.pk, by=acteur)):
        messages.success(request, "Votre refus est annulé\u00a0: votre réponse est de nouveau attendue.")
    return redirect("sollicitations:liste", slug=slug)


@acces(REPONDRE, patients=True)
@require_POST
def revenir(request: Requete, slug: str, sollicitation_id: UUID) -> HttpResponse:
    """Back on a yes, while the other side has not answered."""
    acteur = request.acteur
    own = get_own(sollicitation_id, for_acteur=acteur)
    if attempt(request, lambda: services.take_back(sollicitation_id=own.pk, by=acteur)):
        messages.success(request, "C’est noté\u00a0: la demande est proposée à d’autres.")
    return redirect("sollicitations:liste", slug=slug)
