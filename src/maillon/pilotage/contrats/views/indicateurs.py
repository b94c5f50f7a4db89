"""One indicator, down to its acts and documents."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from maillon.regles.erreurs import ErreurRegle
from maillon.regles.projection import NIVEAU
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.droits.selectors import may_open
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today

from .. import presentation, presentation_ecarts, presentation_indicateur, regles, selectors, services
from ..annee import compute_annee
from ..catalogue import find_retards
from ..courbes import build_courbe
from ..ecarts import explain_ecarts
from ..forms import ConstatForm
from ..models import Indicateur
from ..permissions import LIRE_MISSION, MODIFIER
from ..projections import project_indicateur
from .actes import build_actes, build_forms, build_justificatifs, build_scelle, join_documents, read_demande
from .annee import build_onglets


@acces(LIRE_MISSION)
@require_GET
def indicateur(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One indicator: what it is, its tiers, its values, and the acts and documents behind them."""
    objet = selectors.get_indicateur(pk, for_acteur=request.acteur)
    return _render_indicateur(request, objet)


def _render_indicateur(request: Requete, objet: Indicateur, status: int = 200, **formulaires: Any) -> HttpResponse:
    annee = compute_annee(objet.contrat, today(), numero=_numero(request, objet))
    ligne = selectors.find_ligne(annee, objet)
    projete = project_indicateur(ligne, annee)
    slug = request.cpts.slug
    contexte = {
        "titre": objet.libelle,
        "fil": [
            ("Les indicateurs", reverse("pilotage:indicateurs", args=[slug])),
            (objet.get_mission_display(), f"{reverse('pilotage:annee', args=[slug])}#{objet.mission}"),
        ],
        "annee": annee,
        "ligne": ligne,
        "indicateur": objet,
        "onglets": build_onglets(annee),
        "faits": presentation.build_faits(ligne),
        "paliers": presentation.build_paliers(ligne, close=annee.is_close),
        "barre": presentation.build_barre(ligne),
        "projete": projete,
        "cas": presentation_indicateur.build_cas(projete),
        "paliers_projetes": presentation_indicateur.build_paliers_projetes(projete),
        "niveau": NIVEAU,
        "si_rien_ne_change": presentation_ecarts.say_si_rien_ne_change(projete, annee.annee.fin),
        "explications": presentation_ecarts.show_ecarts(
            explain_ecarts(ligne, annee), objet.unite, opens=partial(may_open, request.acteur)
        ),
        "sources": presentation_indicateur.build_sources(ligne, annee.annee),
        "retard": next((r.phrase for r in find_retards(annee) if r.indicateur.pk == objet.pk), ""),
        "courbe": build_courbe(ligne, annee.annee, projete),
        "constate": presentation.say_valeur(ligne.certifie.valeur, objet.unite) if ligne.certifie else "",
        "prevu": presentation.say_valeur(ligne.prevision.valeur, objet.unite),
        "constats": [(c, presentation.say_valeur(c.valeur, objet.unite)) for c in reversed(ligne.constats)],
        **build_justificatifs(request, ligne),
        **build_actes(request, ligne, annee),
    }
    contexte |= read_demande(request) | build_scelle(request, ligne, annee)
    if request.acteur.can(MODIFIER):
        contexte |= {"form_constat": ConstatForm(indicateur=objet), **build_forms(objet)}
    return render(request, "pilotage/indicateur.html", contexte | formulaires, status=status)


def _numero(request: Requete, objet: Indicateur) -> int:
    voulue = request.GET.get("annee", "")
    courante, _, _ = selectors.find_annee(objet.contrat, today())
    if not voulue:
        return regles.find_annee_of(objet, today())
    if not voulue.isdecimal() or not 1 <= int(voulue) <= courante:
        raise Http404
    return int(voulue)


def _enter(
    request: Requete, pk: UUID, nom: str, classe: Callable[..., Any], act: Callable[[Indicateur, Any], str]
) -> HttpResponse:
    """One form of an indicator's page: acts and comes back, or shows the page again with what is refused."""
    objet = selectors.get_indicateur(pk, for_acteur=request.acteur)
    form = classe(request.POST, request.FILES, indicateur=objet)
    if form.is_valid():
        try:
            messages.success(request, act(objet, form))
            return redirect("pilotage:indicateur", slug=request.cpts.slug, pk=objet.pk)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return _render_indicateur(request, objet, status=422, **{nom: form, "ouvert": nom})


@acces(MODIFIER)
@require_POST
def ajouter_constat(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """A dated value, declared or certified."""

    def act(objet: Indicateur, form: ConstatForm) -> str:
        constat = services.record_constat(
            indicateur=objet,
            valeur=form.cleaned_data["valeur"],
            le=form.cleaned_data["le"],
            source=form.cleaned_data["source"],
            certifie_par=form.certificateur,
            document=form.piece,
            document_anonyme=form.cleaned_data["anonyme"],
            by=request.acteur,
        )
        if constat.certifie_par:
            return "La valeur est enregistrée : elle vaut constat."
        if objet.code_declare:
            return "La valeur déclarée est gardée. La prévision vient toujours de vos actes."
        return "La valeur est déclarée : elle reste à confirmer."

    return _enter(request, pk, "form_constat", ConstatForm, act)


@acces(MODIFIER)
@require_POST
def ajouter_preuve(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Documents behind the indicator, or behind several of its acts; those refused are named, the others are kept."""
    objet = selectors.get_indicateur(pk, for_acteur=request.acteur)
    nom = "form_actes" if "portee" in request.POST else "form_preuve"
    form = build_forms(objet, request.POST, request.FILES)[nom]
    if form.is_valid():
        try:
            joints = join_documents(request, objet, form, numero=_numero(request, objet))
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
        else:
            if not form.errors:
                adresse = reverse("pilotage:indicateur", args=[slug, objet.pk])
                ancre = "actes" if joints else "justificatifs"
                return redirect(f"{adresse}{read_demande(request)['annee_demandee']}#{ancre}")
    return _render_indicateur(request, objet, status=422, **{nom: form, "ouvert": nom})
