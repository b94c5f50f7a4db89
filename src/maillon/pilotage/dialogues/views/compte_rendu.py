"""The minutes: text to print, then the signed document."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse

from .. import redaction, selectors, services
from ..enums import Etat
from ..forms import CompteRenduForm, SignatureForm
from ..models import CompteRendu, Dialogue
from ..permissions import TENIR
from .membres import build_fil_d_ariane

ECRIT = (Etat.EN_DISCUSSION, Etat.TENU)


@acces(TENIR)
@require_http_methods(["GET", "POST"])
def compte_rendu(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Write the minutes, proposed from the opinions and the decisions; print them, then keep the signed document."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    form = CompteRenduForm(request.POST or None, initial=_initial(dialogue))
    if request.method == "POST" and form.is_valid():
        try:
            services.write_compte_rendu(dialogue=dialogue, textes=form.cleaned_data, by=request.acteur)
            messages.success(request, "Le compte rendu est enregistré.")
            return redirect("dialogues:compte_rendu", slug=slug, pk=pk)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _render(request, dialogue, form=form)


def _initial(dialogue: Dialogue) -> dict[str, str]:
    """What is written, else what the facts propose."""
    ecrit = CompteRendu.objects.filter(dialogue=dialogue).first()
    if ecrit is not None and any(getattr(ecrit, nom) for nom in services.suites.SECTIONS):
        return {nom: getattr(ecrit, nom) for nom in services.suites.SECTIONS}
    fils = selectors.list_fils(dialogue, selectors.get_transmission(dialogue))
    return redaction.propose_compte_rendu(fils, selectors.list_decisions(dialogue))


def _render(request: Requete, dialogue: Dialogue, **formulaires: Any) -> HttpResponse:
    slug = request.cpts.slug
    if dialogue.etat not in ECRIT:
        return redirect("dialogues:fiche", slug=slug, pk=dialogue.pk)
    ecrit = CompteRendu.objects.filter(dialogue=dialogue).first()
    contexte = {
        "titre": "Compte rendu",
        "fil": build_fil_d_ariane(
            slug, (str(dialogue), reverse("dialogues:fiche", args=[slug, dialogue.pk])), ("Compte rendu", "")
        ),
        "dialogue": dialogue,
        "transmission": selectors.get_transmission(dialogue),
        "compte_rendu": ecrit,
        "sections": [(CompteRenduForm.base_fields[nom].label, getattr(ecrit, nom)) for nom in services.suites.SECTIONS]
        if ecrit
        else [],
        "form_signature": SignatureForm(
            initial={
                nom: getattr(ecrit, nom) if ecrit else None
                for nom in ("signe_cpts_le", "signe_cpam_le", "signe_ars_le")
            }
        ),
        "form": CompteRenduForm(initial=_initial(dialogue)),
        **formulaires,
    }
    refuse = any(getattr(form, "errors", None) for form in formulaires.values())
    return render(request, "dialogues/compte_rendu.html", contexte, status=422 if refuse else 200)


@acces(TENIR)
@require_POST
def signer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Keep the signed minutes."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    form = SignatureForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.sign_compte_rendu(
                dialogue=dialogue,
                document=form.piece,
                signe_cpts_le=form.cleaned_data["signe_cpts_le"],
                signe_le=form.dates,
                by=request.acteur,
            )
            messages.success(request, "Le compte rendu signé est gardé. Vous pouvez clore le dialogue.")
            return redirect("dialogues:fiche", slug=slug, pk=pk)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return _render(request, dialogue, form_signature=form)
