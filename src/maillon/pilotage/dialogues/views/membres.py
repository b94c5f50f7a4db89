"""Pages of the community: its dialogues, one dialogue, the answers to opinions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.regles import find_annee
from maillon.pilotage.contrats.releves import build_chiffres
from maillon.pilotage.contrats.selectors import get_contrat
from maillon.pilotage.dossiers.selectors import list_dossiers
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Vide
from maillon.socle.ui.listes import afficher_liste

from .. import presentation, selectors, services
from ..cloture import preview_cloture
from ..enums import OUVERTS, Etat, Rang
from ..forms import DecisionForm, OuvrirForm, ReponseForm, TenuForm
from ..models import Avis, CompteRendu, Dialogue, Transmission
from ..permissions import LIRE, TENIR
from .listes import ListeDialogues, with_contestes


def build_fil_d_ariane(slug: str, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    """The way back to the list."""
    return [("Dialogues de gestion", reverse("dialogues:liste", args=[slug])), *suite]


@acces(LIRE)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """The dialogues of the community, the last one first."""
    dialogues = with_contestes(Dialogue.objects.filter(cpts=request.cpts))
    tient = request.acteur.can(TENIR)
    if not dialogues.exists():
        url = reverse("dialogues:ouvrir", args=[slug]) if tient else ""
        vide = Vide(
            "Aucun dialogue de gestion pour l’instant",
            "Deux fois par an, la communauté, la CPAM et l’ARS examinent les indicateurs ensemble. "
            "Maillon dit quoi préparer, garde les avis et les décisions.",
            "Préparer un dialogue" if tient else "",
            url,
            "messages",
        )
        return render(request, "dialogues/vide.html", {"titre": ListeDialogues.titre, "vide": vide})
    return afficher_liste(request, ListeDialogues, dialogues, gabarit="dialogues/liste.html", contexte={"tient": tient})


@acces(TENIR)
@require_http_methods(["GET", "POST"])
def ouvrir(request: Requete, slug: str) -> HttpResponse:
    """Begin to prepare a dialogue."""
    contrat = get_contrat(request.cpts.pk)
    if contrat is None:
        return redirect("pilotage:annee", slug=slug)
    courante, _, _ = find_annee(contrat, today())
    annee, rang = selectors.find_suivant(contrat, courante) or (courante, Rang.EVALUATION.value)
    form = OuvrirForm(request.POST or None, courante=courante, initial={"annee": annee, "rang": rang})
    if request.method == "POST" and form.is_valid():
        try:
            dialogue = services.open_dialogue(
                contrat=contrat, annee=form.cleaned_data["annee"], rang=form.cleaned_data["rang"], by=request.acteur
            )
            return redirect("dialogues:preparer", slug=slug, pk=dialogue.pk)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    contexte = {
        "titre": "Préparer un dialogue de gestion",
        "fil": build_fil_d_ariane(slug, ("Préparer", "")),
        "form": form,
    }
    return render(request, "dialogues/ouvrir.html", contexte, status=422 if form.errors else 200)


@acces(LIRE)
@require_safe
def fiche(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One dialogue: figures by mission, opinions and answers, decisions, minutes."""
    return render_fiche(request, selectors.get_dialogue(pk, for_acteur=request.acteur))


def render_fiche(
    request: Requete, dialogue: Dialogue, *, status: int = 200, ouverts: tuple[str, ...] = (), **formulaires: Any
) -> HttpResponse:
    """The page, with a refused form if any."""
    slug = request.cpts.slug
    transmissions = list(selectors.list_transmissions(dialogue))
    transmission = transmissions[-1] if transmissions and dialogue.etat != Etat.PREPARE else None
    fils = selectors.list_fils(dialogue, transmission)
    decisions = selectors.list_decisions(dialogue)
    compte_rendu = CompteRendu.objects.filter(dialogue=dialogue).first()
    contexte: dict[str, Any] = {
        "titre": str(dialogue),
        "fil": build_fil_d_ariane(slug, (str(dialogue), "")),
        "dialogue": dialogue,
        "etat": presentation.show_etat(dialogue, compte_rendu),
        "transmission": transmission,
        "phrase": presentation.say_contestes(fils),
        "chiffres": presentation.build_chiffres(fils) if fils else [],
        "missions": presentation.group_missions(fils, ouverts=ouverts),
        "faits": presentation.build_faits(dialogue, transmission, compte_rendu),
        "ecarts": presentation.show_ecarts(selectors.find_ecarts(dialogue, transmission, _compute_actuels(dialogue))),
        "evenements": presentation.build_frise(dialogue, transmissions, fils, decisions, compte_rendu),
        "decisions": decisions,
        "compte_rendu": compte_rendu,
        "dossiers": [
            (pack, reverse("dossiers:dossier", args=[slug, pack.pk]))
            for pack in list_dossiers(dialogue.contrat).filter(annee=dialogue.annee)
        ],
        "membre": True,
    }
    if request.acteur.can(TENIR):
        contexte |= _build_actions(dialogue, fils, compte_rendu, transmission)
    return render(request, "dialogues/fiche.html", contexte | formulaires, status=status)


def _compute_actuels(dialogue: Dialogue) -> dict[str, Any] | None:
    """The figures of today, while they are still discussed."""
    if dialogue.etat not in OUVERTS:
        return None
    return build_chiffres(compute_annee(dialogue.contrat, today(), numero=dialogue.annee))


def _build_actions(
    dialogue: Dialogue,
    fils: list[selectors.Fil],
    compte_rendu: CompteRendu | None,
    transmission: Transmission | None,
) -> dict[str, Any]:
    """The forms and buttons of the coordination in this state."""
    contexte: dict[str, Any] = {"tient": True, "form_tenu": TenuForm()}
    if dialogue.etat in OUVERTS:
        choix = [(fil.indicateur["id"], fil.indicateur["libelle"]) for fil in fils]
        contexte |= {"form_reponse": ReponseForm(), "form_decision": DecisionForm(indicateurs=choix)}
    if dialogue.etat == Etat.TENU and transmission is not None:
        contexte["cloture"] = preview_cloture(dialogue, transmission, fils, compte_rendu)
    return contexte


@acces(TENIR)
@require_POST
def repondre(request: Requete, slug: str, pk: UUID, avis_id: UUID) -> HttpResponse:
    """Answer an opinion."""
    dialogue = selectors.get_dialogue(pk, for_acteur=request.acteur)
    avis = get_object_or_404(Avis, pk=avis_id, dialogue=dialogue)
    form = ReponseForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.answer_avis(
                avis=avis,
                texte=form.cleaned_data["texte"],
                valeur_corrigee=form.cleaned_data["valeur_corrigee"],
                document=form.piece,
                by=request.acteur,
            )
            messages.success(request, "Votre réponse est donnée. L’agent qui attendait est prévenu.")
            url = reverse("dialogues:fiche", args=[slug, dialogue.pk])
            return redirect(f"{url}#ind-{avis.indicateur_id}")
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return render_fiche(
        request,
        dialogue,
        status=422,
        ouverts=(str(avis.indicateur_id),),
        form_refuse=form,
        avis_refuse=avis.pk,
        form=form,
    )
