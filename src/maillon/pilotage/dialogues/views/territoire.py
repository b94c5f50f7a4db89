"""Pages of the CPAM and the ARS: read what was transmitted, accept or contest indicator by indicator."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from maillon.pilotage.dossiers.selectors import list_transmis
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.contexte import act_in
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.telechargement import serve_fichier
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter

from .. import presentation, selectors, services
from ..enums import DISCUTABLES, Organisme, Position
from ..forms import AvisForm
from ..models import CompteRendu, Dialogue, Reponse
from ..permissions import DONNER_AVIS, LIRE_TERRITOIRE
from .listes import ListeTerritoire, with_contestes


@acces(LIRE_TERRITOIRE)
@require_safe
def liste(request: Requete) -> HttpResponse:
    """Every dialogue transmitted over the territory."""
    dialogues = with_contestes(selectors.list_territoire(request.acteur).select_related("cpts"))
    return afficher_liste(request, ListeTerritoire, dialogues)


@acces(LIRE_TERRITOIRE)
@require_safe
def fiche(request: Requete, pk: UUID) -> HttpResponse:
    """One dialogue: its figures, the opinions to give, the answers, the decisions, the minutes."""
    return _render_fiche(request, selectors.get_dialogue_territoire(pk, for_acteur=request.acteur))


def _build_contexte(request: Requete, dialogue: Dialogue, ouverts: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the page and its fragments show."""
    transmissions = list(selectors.list_transmissions(dialogue))
    transmission = transmissions[-1] if transmissions else None
    fils = selectors.list_fils(dialogue, transmission)
    organismes = selectors.find_organismes(request.acteur, dialogue.cpts) if dialogue.etat in DISCUTABLES else []
    acceptables = [
        fil
        for organisme in organismes[:1]
        for mission in {fil.indicateur["mission"] for fil in fils}
        for fil in selectors.list_acceptables(fils, mission, organisme)
    ]
    decisions = selectors.list_decisions(dialogue)
    compte_rendu = CompteRendu.objects.filter(dialogue=dialogue, cpts_id=dialogue.cpts_id).first()
    return {
        "dialogue": dialogue,
        "etat": presentation.show_etat(dialogue, compte_rendu),
        "transmission": transmission,
        "phrase": presentation.say_contestes(fils),
        "chiffres": presentation.build_chiffres(fils) if fils else [],
        "missions": presentation.group_missions(fils, ouverts=ouverts, acceptables=acceptables),
        "organismes": organismes,
        "faits": presentation.build_faits(dialogue, transmission, compte_rendu),
        "ecarts": presentation.show_ecarts(
            selectors.find_ecarts(dialogue, transmission, selectors.find_publies(dialogue))
        ),
        "evenements": presentation.build_frise(dialogue, transmissions, fils, decisions, compte_rendu),
        "decisions": decisions,
        "compte_rendu": compte_rendu,
        "dossiers": [
            (pack, reverse("dossiers:territoire_dossier", args=[pack.pk]))
            for pack in list_transmis(request.acteur).filter(
                contrat_id=dialogue.contrat_id, annee=dialogue.annee, cpts_id=dialogue.cpts_id
            )
        ],
    }


def _render_fiche(request: Requete, dialogue: Dialogue, *, status: int = 200, **formulaires: Any) -> HttpResponse:
    contexte = _build_contexte(request, dialogue, formulaires.pop("ouverts", ())) | {
        "titre": dialogue.cpts.nom,
        "fil": [("Dialogues de gestion", reverse("dialogues:territoire")), (dialogue.cpts.nom, "")],
    }
    return render(request, "dialogues/territoire_fiche.html", contexte | formulaires, status=status)


def _choose_organisme(request: Requete, dialogue: Dialogue, voulu: str) -> Organisme:
    """For whom the agent speaks: the one asked for when they hold both roles here; 404 for none."""
    siens = selectors.find_organismes(request.acteur, dialogue.cpts)
    if voulu:
        siens = [organisme for organisme in siens if organisme.value == voulu]
    if not siens:
        raise Http404
    return siens[0]


@acces(DONNER_AVIS)
@require_POST
def donner_avis(request: Requete, pk: UUID) -> HttpResponse:
    """Accept, contest, question one indicator, or take one's opinion back; kept at once."""
    dialogue = selectors.get_dialogue_territoire(pk, for_acteur=request.acteur)
    form = AvisForm(request.POST)
    organisme = _choose_organisme(request, dialogue, request.POST.get("organisme", ""))
    if form.is_valid():
        try:
            with act_in(dialogue.cpts_id):
                services.give_avis(
                    dialogue=dialogue,
                    indicateur_id=form.cleaned_data["indicateur"],
                    organisme=organisme,
                    position=Position(form.cleaned_data["position"]),
                    valeur=form.cleaned_data["valeur"],
                    motif=form.cleaned_data["motif"],
                    by=request.acteur,
                )
            return _answer_avis(request, dialogue, form.cleaned_data["indicateur"])
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _refuse_avis(request, dialogue, form)


def _answer_avis(request: Requete, dialogue: Dialogue, indicateur_id: UUID) -> HttpResponse:
    dialogue.refresh_from_db()
    if not request.headers.get("HX-Request"):
        url = reverse("dialogues:territoire_fiche", args=[dialogue.pk])
        return redirect(f"{url}#ind-{indicateur_id}")
    return _render_fragment(request, dialogue, str(indicateur_id))


def _render_fragment(
    request: Requete, dialogue: Dialogue, indicateur_id: str, status: int = 200, **formulaires: Any
) -> HttpResponse:
    """The indicator's row alone, with the summary beside it."""
    contexte = _build_contexte(request, dialogue, (indicateur_id,) if formulaires else ())
    lu = next((lu for mission in contexte["missions"] for lu in mission.fils if lu.id == indicateur_id), None)
    if lu is None:
        raise Http404
    return render(
        request, "dialogues/_fragment.html", contexte | {"lu": lu, "fragment": True} | formulaires, status=status
    )


def _refuse_avis(request: Requete, dialogue: Dialogue, form: AvisForm) -> HttpResponse:
    """The same place again, with what is refused."""
    dialogue.refresh_from_db()
    vise = str(form.cleaned_data.get("indicateur") or "")
    formulaires: dict[str, Any] = {"form_refuse": form, "indicateur_refuse": vise, "form": form}
    if request.headers.get("HX-Request") and vise:
        # htmx swaps only what succeeded: the refusal is shown in the row all the same.
        return _render_fragment(request, dialogue, vise, **formulaires)
    return _render_fiche(request, dialogue, status=422, ouverts=(vise,), **formulaires)


@acces(DONNER_AVIS)
@require_POST
def accepter_mission(request: Requete, pk: UUID, mission: str) -> HttpResponse:
    """Accept at once what nobody contests in a mission."""
    dialogue = selectors.get_dialogue_territoire(pk, for_acteur=request.acteur)
    organisme = _choose_organisme(request, dialogue, request.POST.get("organisme", ""))
    try:
        with act_in(dialogue.cpts_id):
            donnes = services.accept_mission(dialogue=dialogue, mission=mission, organisme=organisme, by=request.acteur)
        messages.success(request, f"{compter(len(donnes), 'indicateur accepté', 'indicateurs acceptés')}.")
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect(reverse("dialogues:territoire_fiche", args=[pk]) + f"#mission-{quote(mission)}")


@acces(LIRE_TERRITOIRE)
@require_safe
def telecharger_compte_rendu(request: Requete, pk: UUID) -> HttpResponseBase:
    """The signed minutes."""
    dialogue = selectors.get_dialogue_territoire(pk, for_acteur=request.acteur)
    compte_rendu = CompteRendu.objects.filter(dialogue=dialogue, cpts_id=dialogue.cpts_id).first()
    if compte_rendu is None or not compte_rendu.is_signe:
        raise Http404
    assert compte_rendu.fichier_id is not None
    return _telecharger(request, dialogue, compte_rendu.fichier_id)


@acces(LIRE_TERRITOIRE)
@require_safe
def telecharger_reponse(request: Requete, pk: UUID, reponse_id: UUID) -> HttpResponseBase:
    """The document that came with an answer."""
    dialogue = selectors.get_dialogue_territoire(pk, for_acteur=request.acteur)
    reponse = Reponse.objects.filter(pk=reponse_id, avis__dialogue=dialogue, cpts_id=dialogue.cpts_id).first()
    if reponse is None or reponse.document_id is None:
        raise Http404
    return _telecharger(request, dialogue, reponse.document_id)


def _telecharger(request: Requete, dialogue: Dialogue, fichier_id: UUID) -> HttpResponseBase:
    """A document of the community that was sent to the agent; the journal keeps who opened it."""
    with act_in(dialogue.cpts_id):
        return serve_fichier(Fichier.objects.get(pk=fichier_id), by=request.acteur)
