"""Preparing and transmitting a dialogue."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from maillon.pilotage.contrats.annee import AnneeContrat, compute_annee
from maillon.pilotage.contrats.enums import CodeMission
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui import annonces
from maillon.socle.ui.typographie import compter, format_euros

from .. import presentation, selectors, services
from ..enums import Etat
from ..forms import NoteForm, OrganiserForm
from ..models import Dialogue, Note
from ..permissions import TENIR
from ..preparation import build_controles, propose_ordre_du_jour
from .membres import build_fil_d_ariane


@acces(TENIR)
@require_http_methods(["GET", "POST"])
def preparer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The checklist, the notes, the agenda; then transmit. POST keeps when, where and the agenda."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    form = OrganiserForm(request.POST or None, initial=_initial(dialogue))
    if request.method == "POST" and form.is_valid():
        try:
            services.plan_dialogue(dialogue=dialogue, **form.cleaned_data, by=request.acteur)
            messages.success(request, "Le rendez-vous et l’ordre du jour sont enregistrés.")
            return redirect("dialogues:preparer", slug=slug, pk=pk)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    if dialogue.etat in (Etat.TENU, Etat.CLOS):
        return redirect("dialogues:fiche", slug=slug, pk=pk)
    annee = compute_annee(dialogue.contrat, today(), numero=dialogue.annee)
    controles = build_controles(dialogue, annee)
    if not dialogue.ordre_du_jour:
        form.initial["ordre_du_jour"] = propose_ordre_du_jour(annee, controles)
    notes = {note.mission: note.texte for note in Note.objects.filter(dialogue=dialogue)}
    contexte = {
        "titre": f"Préparer le {_nommer(dialogue)}",
        "fil": build_fil_d_ariane(slug, (str(dialogue), reverse("dialogues:fiche", args=[slug, pk])), ("Préparer", "")),
        "dialogue": dialogue,
        "etat": presentation.show_etat(dialogue),
        "controles": controles,
        "reste": sum(len(controle.lignes) for controle in controles),
        "form": form,
        "notes": [
            (mission.mission.mission, mission.libelle, notes.get(mission.mission.mission, ""))
            for mission in annee.missions
        ],
        "transmission": _say_transmission(annee),
    }
    return render(request, "dialogues/preparer.html", contexte, status=422 if form.errors else 200)


def _nommer(dialogue: Dialogue) -> str:
    """« dialogue de mi-année, année 3 »."""
    texte = str(dialogue)
    return texte[0].lower() + texte[1:]


def _initial(dialogue: Dialogue) -> dict[str, object]:
    return {nom: getattr(dialogue, nom) for nom in ("prevu_le", "heure", "lieu", "visio", "ordre_du_jour")}


def _say_transmission(annee: AnneeContrat) -> str:
    """What the CPAM and the ARS will see, said before it is sent."""
    montants = annee.montants
    return (
        f"La CPAM et l’ARS liront les chiffres d’aujourd’hui : {compter(len(annee.indicateurs), 'indicateur')}, "
        f"{format_euros(montants.constate)} constatés, {format_euros(montants.a_confirmer)} à confirmer, "
        "le rendez-vous et l’ordre du jour. Elles ne liront pas vos notes, ni aucun nom de patient ou de "
        "professionnel. Ces chiffres sont arrêtés : ce qui changera ensuite apparaîtra comme un écart. "
        "Leurs agents reçoivent un courriel avec un lien, sans chiffre."
    )


@acces(TENIR)
@require_POST
def noter(request: Requete, slug: str, pk: UUID, mission: str) -> HttpResponse:
    """Keep a note as it is typed."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    if mission not in CodeMission.values:
        raise Http404
    form = NoteForm(request.POST)
    if not form.is_valid():
        return HttpResponse("Cette note est trop longue : 4 000 caractères au plus.", status=422)
    try:
        services.write_note(dialogue=dialogue, mission=mission, texte=form.cleaned_data["texte"], by=request.acteur)
    except ErreurRegle as refus:
        return HttpResponse(str(refus), status=422)
    if request.headers.get("HX-Request"):
        return HttpResponse("Enregistrée.")
    messages.success(request, "La note est enregistrée.")
    return redirect("dialogues:preparer", slug=slug, pk=pk)


@acces(TENIR)
@require_POST
def transmettre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Give the figures of today to the CPAM and the ARS."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    try:
        services.transmit_dialogue(dialogue=dialogue, by=request.acteur)
    except ErreurRegle as refus:
        messages.error(request, str(refus))
        return redirect("dialogues:preparer", slug=slug, pk=pk)
    annonces.offer_undo(
        request, "Le dialogue est transmis à la CPAM et à l’ARS.", reverse("dialogues:reprendre", args=[slug, pk])
    )
    return redirect("dialogues:fiche", slug=slug, pk=pk)


@acces(TENIR)
@require_POST
def reprendre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Take the transmission back while nobody gave an opinion."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    try:
        services.withdraw_dialogue(dialogue=dialogue, by=request.acteur)
    except ErreurRegle as refus:
        messages.error(request, str(refus))
        return redirect("dialogues:fiche", slug=slug, pk=pk)
    messages.success(request, "Le dialogue est repris : la CPAM et l’ARS ne le voient plus.")
    return redirect("dialogues:preparer", slug=slug, pk=pk)
