"""Recording what happened, correcting it, saying that it did not happen."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today

from .. import presentation, selectors, services
from ..enums import UNIQUES, NatureJalon
from ..forms import JalonForm, NumerosForm
from ..models import Jalon
from ..permissions import LIRE, MODIFIER
from .vie import render_vie

# What one may record, in the order of a community's life.
GROUPES = (
    ("Le projet", (NatureJalon.LETTRE, NatureJalon.AIDE, NatureJalon.DEPOT, NatureJalon.OPPOSITION,
                   NatureJalon.DEPOT_REVISE, NatureJalon.VALIDATION)),
    ("Le contrat", (NatureJalon.ACI, NatureJalon.DIALOGUE, NatureJalon.AVENANT, NatureJalon.RENOUVELLEMENT_DEMANDE,
                    NatureJalon.RENOUVELLEMENT, NatureJalon.RESILIATION)),
    ("Le reste", (NatureJalon.DOCUMENT, NatureJalon.AUTRE)),
)  # fmt: skip


def _fil(slug: str, dernier: str) -> list[tuple[str, str]]:
    return [("Vie de la communauté", reverse("cycle:vie", args=[slug])), (dernier, "")]


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def ajouter(request: Requete, slug: str) -> HttpResponse:
    """Choose what happened (`?nature=`), then say when, who, with which document."""
    voulue = request.GET.get("nature", "")
    if voulue not in NatureJalon.values:
        return _render_choix(request)
    nature = NatureJalon(voulue)
    form = JalonForm(request.POST or None, request.FILES or None, nature=nature)
    if request.method == "POST" and form.is_valid():
        try:
            jalon = services.record_jalon(cpts_id=request.cpts.pk, donnees=form.donnees, by=request.acteur)
            messages.success(request, f"« {jalon.titre} » est enregistré.")
            return redirect("cycle:vie", slug=slug)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return _render_form(request, form, titre=str(nature.label), annuler=reverse("cycle:ajouter", args=[slug]))


def _render_choix(request: Requete) -> HttpResponse:
    vie = selectors.get_vie(request.cpts.pk, on=today())
    deja = {jalon.nature: jalon for jalon in vie.du_cycle}
    groupes = [(titre, [(nature, deja.get(nature)) for nature in natures]) for titre, natures in GROUPES]
    return render(
        request,
        "cycle/choix.html",
        {
            "titre": "Que s’est-il passé ?",
            "fil": _fil(request.cpts.slug, "Ajouter un fait"),
            "groupes": groupes,
            "uniques": [nature.value for nature in UNIQUES],
        },
        status=422 if request.method == "POST" else 200,
    )


def _render_form(request: Requete, form: JalonForm, *, titre: str, annuler: str) -> HttpResponse:
    vie = selectors.get_vie(request.cpts.pk, on=today())
    return render(
        request,
        "cycle/jalon_form.html",
        {
            "titre": titre,
            "fil": _fil(request.cpts.slug, titre),
            "form": form,
            "annuler": annuler,
            "contrat": vie.contrat if form.nature in (NatureJalon.ACI, NatureJalon.RENOUVELLEMENT) else None,
        },
        status=422 if form.errors else 200,
    )


@acces(LIRE)
@require_safe
def jalon(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One milestone, its document, its signatories, and what it replaces."""
    objet = selectors.get_jalon(pk, for_acteur=request.acteur)
    versions = _list_versions(objet, request)
    url = reverse("fichiers_telecharger", args=[slug, objet.document_id]) if objet.document_id else ""
    return render(
        request,
        "cycle/jalon.html",
        {
            "titre": objet.titre,
            "fil": _fil(slug, objet.titre),
            "jalon": objet,
            "faits": presentation.build_faits_jalon(objet, fichier_url=url),
            "signatures": list(objet.signatures.all()),
            "manquantes": presentation.list_manquantes(objet) if objet.is_signe else [],
            "versions": versions,
            "derniere": versions[-1],
            "valide": versions[-1].pk == objet.pk and not objet.annule,
            "modifiable": request.acteur.can(MODIFIER),
        },
    )


def _list_versions(objet: Jalon, request: Requete) -> list[Jalon]:
    """The chain that the milestone belongs to, the oldest first."""
    tous = {jalon.pk: jalon for jalon in selectors.get_jalons(request.cpts.pk)}
    suivants = {jalon.remplace_id: jalon for jalon in tous.values() if jalon.remplace_id}
    premier = tous[objet.pk]
    while premier.remplace_id:
        premier = tous[premier.remplace_id]
    chaine = [premier]
    while chaine[-1].pk in suivants:
        chaine.append(suivants[chaine[-1].pk])
    return chaine


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def corriger(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Record a corrected version; the first one stays in the history."""
    objet = selectors.get_jalon(pk, for_acteur=request.acteur)
    if objet.annule:
        raise Http404
    form = JalonForm(request.POST or None, request.FILES or None, nature=NatureJalon(objet.nature), jalon=objet)
    if request.method == "POST" and form.is_valid():
        try:
            corrige = services.correct_jalon(jalon=objet, donnees=form.donnees, by=request.acteur)
            messages.success(request, f"« {corrige.titre} » est corrigé.")
            return redirect("cycle:jalon", slug=slug, pk=corrige.pk)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    titre = f"Corriger : {objet.titre}"
    return _render_form(request, form, titre=titre, annuler=reverse("cycle:jalon", args=[slug, pk]))


@acces(MODIFIER)
@require_POST
def annuler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Say that it did not happen."""
    objet = selectors.get_jalon(pk, for_acteur=request.acteur)
    try:
        services.cancel_jalon(jalon=objet, by=request.acteur)
        messages.success(request, f"« {objet.titre} » n’est plus compté. L’enregistrement reste dans l’histoire.")
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect("cycle:vie", slug=slug)


@acces(MODIFIER)
@require_POST
def numeros(request: Requete, slug: str) -> HttpResponse:
    """Record the FINESS and RNA numbers of the association."""
    form = NumerosForm(request.POST)
    if form.is_valid():
        try:
            services.record_numeros(
                cpts_id=request.cpts.pk,
                finess=form.cleaned_data["finess"],
                rna=form.cleaned_data["rna"],
                by=request.acteur,
            )
            messages.success(request, "Les numéros de l’association sont enregistrés.")
            return redirect("cycle:vie", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return render_vie(request, status=422, numeros=form)
