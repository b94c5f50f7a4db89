"""The meeting held, its decisions, its closing."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from maillon.pilotage.contrats.models import Indicateur
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui import annonces
from maillon.socle.ui.typographie import compter, format_euros

from .. import selectors, services
from ..forms import DecisionForm, TenuForm
from ..models import Decision, Dialogue
from ..permissions import TENIR
from .membres import render_fiche


def _act(request: Requete, pk: UUID, act: Callable[[Dialogue], str]) -> HttpResponse:
    """Do one thing to the dialogue, say it, and come back to its page."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    try:
        messages.success(request, act(dialogue))
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect("dialogues:fiche", slug=request.cpts.slug, pk=pk)


@acces(TENIR)
@require_POST
def tenir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The meeting was held that day."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    form = TenuForm(request.POST)
    if form.is_valid():
        try:
            services.hold_dialogue(dialogue=dialogue, le=form.cleaned_data["le"], by=request.acteur)
            annonces.offer_undo(
                request, "Le dialogue est tenu : les avis sont clos.", reverse("dialogues:rouvrir", args=[slug, pk])
            )
            return redirect("dialogues:fiche", slug=slug, pk=pk)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return render_fiche(request, dialogue, status=422, form_tenu=form, form=form, ouvert="tenu")


@acces(TENIR)
@require_POST
def rouvrir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A party has something to add."""

    def act(dialogue: Dialogue) -> str:
        services.reopen_dialogue(dialogue=dialogue, by=request.acteur)
        return "La discussion est rouverte."

    return _act(request, pk, act)


@acces(TENIR)
@require_POST
def decider(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Record a decision."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    indicateurs = Indicateur.objects.filter(contrat_id=dialogue.contrat_id)
    choix = [(str(indicateur.pk), indicateur.libelle) for indicateur in indicateurs]
    form = DecisionForm(request.POST, indicateurs=choix)
    if form.is_valid():
        try:
            donnees = form.cleaned_data
            services.add_decision(
                dialogue=dialogue,
                libelle=donnees["libelle"],
                porteur=donnees["porteur"],
                echeance=donnees["echeance"],
                indicateur=next((i for i in indicateurs if str(i.pk) == donnees["indicateur"]), None),
                by=request.acteur,
            )
            messages.success(request, "La décision est enregistrée.")
            return redirect(reverse("dialogues:fiche", args=[slug, pk]) + "#decisions")
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return render_fiche(request, dialogue, status=422, form_decision=form, form=form, ouvert="decision")


@acces(TENIR)
@require_POST
def suivre_decision(request: Requete, slug: str, pk: UUID, decision_id: UUID) -> HttpResponse:
    """Carried out, not carried out after all, or written by mistake."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    decision = get_object_or_404(Decision, pk=decision_id, dialogue=dialogue)
    geste = request.POST.get("geste", "")
    try:
        if geste == "retirer":
            services.remove_decision(decision=decision, by=request.acteur)
            messages.success(request, "La décision est retirée.")
        elif geste in ("faite", "a_faire"):
            services.mark_decision(decision=decision, faite=geste == "faite", by=request.acteur)
            messages.success(request, "La décision est faite." if geste == "faite" else "La décision reste à faire.")
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect(reverse("dialogues:fiche", args=[slug, pk]) + "#decisions")


@acces(TENIR)
@require_POST
def clore(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Close: what was accepted and signed becomes certified."""

    def act(dialogue: Dialogue) -> str:
        cloture = services.close_dialogue(dialogue=dialogue, by=request.acteur)
        return (
            f"Le dialogue est clos. Constaté {format_euros(cloture.avant)} → {format_euros(cloture.apres)}, "
            f"{compter(len(cloture.retenues), 'valeur certifiée', 'valeurs certifiées')}."
        )

    return _act(request, pk, act)
