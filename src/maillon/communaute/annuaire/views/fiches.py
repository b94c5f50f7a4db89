"""The sheet of a professional: national facts, what the person says, the differences."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui import annonces
from maillon.socle.ui.composants import Fait, Vide

from .. import presentation
from ..choix import ChampCorrige
from ..forms import FicheForm, LieuForm
from ..models import Professionnel
from ..permissions import GERER, VOIR
from ..selectors.fiches import (
    Dossier,
    get_activite,
    get_correction,
    get_dossier,
    get_fiche,
    get_modifiable,
    get_source,
    is_soi,
    may_edit,
)
from ..selectors.membres import get_source_adherents, name_profession
from ..selectors.national import get_diplomes, get_libelles
from ..selectors.professionnels import get_professionnel_of
from ..services import AbsentDeLAnnuaire, adopt_professionnel
from ..services.fiches import (
    correct_lieu,
    keep_correction,
    keep_fiche,
    restore_correction,
    withdraw_correction,
)
from .recherche import build_fil


@acces(VOIR)
@require_safe
def fiche(request: Requete, slug: str, numero: str) -> HttpResponse:
    """Somebody of the directory."""
    dossier = get_dossier(numero, for_acteur=request.acteur)
    p = dossier.professionnel
    source = get_source_adherents()
    editable = p is not None and may_edit(p, request.acteur)
    libelles = get_libelles("savoir_faire")
    codes = p.savoir_faire if p else dossier.national.savoir_faire if dossier.national else ()
    metier = name_profession(p.profession if p else dossier.national.profession if dossier.national else "", codes)
    contexte: dict[str, Any] = {
        "titre": dossier.nom,
        "sous_titre": metier[:1].upper() + metier[1:],
        "fil": build_fil(request, dossier.nom),
        "dossier": dossier,
        "numero": numero,
        "faits": _build_national(dossier, [libelles.get(code, code) for code in codes]),
        "dit": presentation.build_faits(dossier.fiche),
        "editable": editable,
        "soi": p is not None and is_soi(p, request.acteur),
        "diplomes": _list_diplomes(numero),
        "source": presentation.describe_source(get_source()),
        "personne": source.fiche(slug, request.cpts.pk, p.pk) if source and p else "",
        "inviter": not dossier.membre and len(numero) == 11 and source and request.acteur.can(GERER),
        "vide_dit": _empty_dit(request, dossier, editable),
    }
    return render(request, "annuaire/fiche.html", contexte)


def _build_national(dossier: Dossier, savoir_faire: list[str]) -> list[Fait]:
    faits = [Fait("Numéro RPPS" if len(dossier.numero) == 11 else "Numéro ADELI", dossier.numero)]
    if savoir_faire:
        faits.append(Fait("Savoir-faire", ", ".join(savoir_faire)))
    p = dossier.professionnel
    if p is not None and p.absent_depuis:
        faits.append(Fait("Annuaire national", "n’y figure plus", f"depuis le {p.absent_depuis:%d/%m/%Y}"))
    if (p and p.fictif) or (dossier.national and dossier.national.fictive):
        faits.append(Fait("Démonstration", "personne fictive"))
    return faits


def _list_diplomes(numero: str) -> list[str]:
    rows = get_diplomes(numero)
    if not rows:
        return []
    diplomes, autorisations = get_libelles("diplome"), get_libelles("type_autorisation")
    names = [
        diplomes.get(row.diplome, row.diplome) or autorisations.get(row.type_autorisation, row.type_autorisation)
        for row in rows
    ]
    return list(dict.fromkeys(name for name in names if name))


def _empty_dit(request: Requete, dossier: Dossier, editable: bool) -> Vide:
    if editable:
        url = reverse("annuaire_modifier", args=[request.cpts.slug, dossier.numero])
        return Vide(
            "Rien n’est encore dit ici",
            "Nouveaux patients, langues, visites à domicile : ce que les confrères cherchent.",
            "Remplir la fiche",
            url,
            "edit",
        )
    texte = "Cette personne n’a rien dit de plus." if dossier.membre else "Seuls les membres tiennent une fiche."
    return Vide("Rien de plus", texte, icone="info-circle")


@acces(VOIR)
@require_safe
def mienne(request: Requete, slug: str) -> HttpResponse:
    """One's own sheet, for who has an RPPS number."""
    professionnel = get_professionnel_of(request.acteur)
    if professionnel is not None:
        return redirect("annuaire_fiche", slug=slug, numero=professionnel.rpps)
    vide = Vide(
        "Pas de fiche à votre nom",
        "Votre compte n’a pas de numéro RPPS connu de l’annuaire. La coordination peut l’ajouter à votre accès.",
        "Chercher dans l’annuaire",
        reverse("annuaire_recherche", args=[slug]),
        "id",
    )
    return render(
        request, "annuaire/mienne.html", {"titre": "Ma fiche", "fil": build_fil(request, "Ma fiche"), "vide": vide}
    )


@acces(VOIR)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: Requete, slug: str, numero: str) -> HttpResponse:
    """What one says of oneself, and what of it the public reads."""
    professionnel = get_modifiable(numero, for_acteur=request.acteur)
    form = FicheForm(
        request.POST or None,
        fiche=get_fiche(request.cpts.pk, professionnel),
        soi=is_soi(professionnel, request.acteur),
    )
    if request.method == "POST" and form.is_valid():
        kept = keep_fiche(
            cpts_id=request.cpts.pk,
            professionnel=professionnel,
            publics=form.cleaned_data["publics"],
            by=request.acteur,
            **form.read_dit(),
        )
        texte = "La fiche est enregistrée." + ("" if kept.is_publique else " Le public n’en lit rien.")
        messages.success(request, texte)
        return redirect("annuaire_fiche", slug=slug, numero=numero)
    titre = "Ma fiche" if is_soi(professionnel, request.acteur) else f"La fiche de {professionnel}"
    return _show_form(request, professionnel, form, titre, "annuaire/modifier.html")


def _show_form(
    request: Requete, professionnel: Professionnel, form: Any, titre: str, gabarit: str, **autres: Any
) -> HttpResponse:
    contexte = {
        "titre": titre,
        "fil": build_fil(request, titre),
        "form": form,
        "retour": reverse("annuaire_fiche", args=[request.cpts.slug, professionnel.rpps]),
        "publique": reverse("annuaire_public", args=[request.cpts.slug]),
        **autres,
    }
    return render(request, gabarit, contexte, status=422 if form.errors else 200)


@acces(VOIR)
@require_http_methods(["GET", "HEAD", "POST"])
def corriger(request: Requete, slug: str, numero: str, pk: UUID) -> HttpResponse:
    """What is true at a place, beside what the national directory says."""
    professionnel = get_modifiable(numero, for_acteur=request.acteur)
    activite = get_activite(professionnel, pk)
    dossier = get_dossier(numero, for_acteur=request.acteur)
    lieu = next(lieu for lieu in dossier.lieux if lieu.activite.pk == activite.pk)
    form = LieuForm(request.POST or None, initial={champ: getattr(lieu, champ) for champ in ChampCorrige.values})
    if request.method == "POST" and form.is_valid():
        for champ in ChampCorrige.values:
            if form.cleaned_data[champ] != getattr(lieu, champ):
                correct_lieu(
                    cpts_id=request.cpts.pk,
                    professionnel=professionnel,
                    activite=activite,
                    champ=champ,
                    valeur=form.cleaned_data[champ],
                    by=request.acteur,
                )
        messages.success(request, "C’est enregistré. L’annuaire national n’écrasera pas ces corrections.")
        return redirect("annuaire_fiche", slug=slug, numero=numero)
    return _show_form(request, professionnel, form, "Corriger un lieu d’exercice", "annuaire/corriger.html", lieu=lieu)


@acces(VOIR)
@require_POST
def garder(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Keep the correction, in spite of what the directory says now."""
    correction = get_correction(pk, for_acteur=request.acteur)
    dossier = get_dossier(correction.professionnel.rpps, for_acteur=request.acteur)
    difference = next((d for d in dossier.differences if d.correction.pk == correction.pk), None)
    if difference is not None:
        keep_correction(correction=correction, nationale=difference.nationale, by=request.acteur)
        messages.success(request, f"« {correction.valeur} » reste affiché dans la communauté.")
    return redirect("annuaire_fiche", slug=slug, numero=correction.professionnel.rpps)


@acces(VOIR)
@require_POST
def abandonner(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Prefer what the national directory says."""
    correction = get_correction(pk, for_acteur=request.acteur)
    withdraw_correction(correction=correction, by=request.acteur)
    undo = reverse("annuaire_reprendre", args=[slug, pk])
    annonces.offer_undo(request, "L’information de l’annuaire national est affichée.", undo)
    return redirect("annuaire_fiche", slug=slug, numero=correction.professionnel.rpps)


@acces(VOIR)
@require_POST
def reprendre(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Undo: the correction is shown again."""
    correction = get_correction(pk, for_acteur=request.acteur)
    restore_correction(correction=correction, by=request.acteur)
    return redirect("annuaire_fiche", slug=slug, numero=correction.professionnel.rpps)


@acces(GERER)
@require_POST
def inviter(request: Requete, slug: str, numero: str) -> HttpResponse:
    """Take somebody from the national directory, then on to the invitation."""
    source = get_source_adherents()
    if source is None:
        raise Http404
    get_dossier(numero, for_acteur=request.acteur)
    try:
        adopt_professionnel(rpps=numero, by=request.acteur, cpts_id=request.cpts.pk)
    except AbsentDeLAnnuaire as absent:
        messages.error(request, str(absent))
        return redirect("annuaire_fiche", slug=slug, numero=numero)
    return redirect(source.inviter(slug, numero))
