"""Files in and out: operations from a spreadsheet, the workbook that comes back, the accounting entries."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today
from maillon.socle.ui.listes.exports import TYPES

from .. import selectors, services
from ..comptes import load_comptes
from ..enums import EtatImport
from ..export import export_classeur, export_fec
from ..forms import ColonnesForm, FecForm, ImportForm
from ..lignes_import import list_manquantes
from ..models import ImportOperations
from ..permissions import ECRIRE, LIRE
from ..selectors.imports import preview_import


def _fil(request: Requete, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Budget", reverse("budget:accueil", args=[request.cpts.slug])), *suite]


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def importer(request: Requete, slug: str) -> HttpResponse:
    """Choose a file; nothing is written before it was tried."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        piece = form.read_piece()
        assert piece is not None
        try:
            depot = services.prepare_import(cpts_id=request.cpts.pk, piece=piece, by=request.acteur)
            return redirect("budget:import", slug=slug, pk=depot.pk)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error("piece", str(refus))
    return render(
        request,
        "budget/importer.html",
        {
            "titre": "Importer des opérations",
            "fil": _fil(request, ("Importer des opérations", "")),
            "form": form,
            "depots": ImportOperations.objects.select_related("fichier").filter(cpts=request.cpts)[:10],
        },
        status=422 if form.errors else 200,
    )


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def depot(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The dry run: which columns, which rows would be created, are known, are refused."""
    objet = selectors.get_import(pk, for_acteur=request.acteur)
    form = ColonnesForm(request.POST or None, entetes=objet.entetes, initial=objet.colonnes)
    if request.method == "POST" and form.is_valid():
        try:
            services.match_colonnes(depot=objet, colonnes=form.cleaned_data, by=request.acteur)
            return redirect("budget:import", slug=slug, pk=pk)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _show_depot(request, objet, form)


def _show_depot(request: Requete, objet: ImportOperations, form: Any) -> HttpResponse:
    prepare = objet.etat == EtatImport.PREPARE
    return render(
        request,
        "budget/import.html",
        {
            "titre": objet.fichier.nom,
            "sous_titre": "Import d’opérations",
            "fil": _fil(
                request,
                ("Importer des opérations", reverse("budget:importer", args=[request.cpts.slug])),
                (objet.fichier.nom, ""),
            ),
            "depot": objet,
            "prepare": prepare,
            "apercu": preview_import(objet) if prepare else None,
            "manquantes": list_manquantes(objet.colonnes),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@acces(ECRIRE)
@require_POST
def appliquer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Write the good rows, all of them or none."""
    objet = selectors.get_import(pk, for_acteur=request.acteur)
    try:
        services.apply_import(depot=objet, by=request.acteur)
        messages.success(request, "Les opérations sont importées.")
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect("budget:import", slug=slug, pk=pk)


@acces(ECRIRE)
@require_POST
def abandonner(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Give up the import."""
    objet = selectors.get_import(pk, for_acteur=request.acteur)
    try:
        services.drop_import(depot=objet, by=request.acteur)
        messages.success(request, "L’import est abandonné : rien n’a été écrit.")
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect("budget:importer", slug=slug)


def _send(nom: str, contenu: bytes, genre: str) -> HttpResponse:
    reponse = HttpResponse(contenu, content_type=genre)
    reponse["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=nom)
    return reponse


@acces(LIRE)
@require_GET
def classeur(request: Requete, slug: str) -> HttpResponse:
    """Every operation in a workbook that may be imported again."""
    contenu = export_classeur(cpts_id=request.cpts.pk, by=request.acteur)
    return _send(f"budget-{slug}-{today():%Y%m%d}.xlsx", contenu, TYPES["xlsx"])


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def comptabilite(request: Requete, slug: str) -> HttpResponse:
    """The accounting entries of a year, for the accountant."""
    passee = today().year - 1
    depart = {"debut": date(passee, 1, 1), "cloture": date(passee, 12, 31)}
    form = FecForm(request.POST or None, initial=depart)
    if request.method == "POST" and form.is_valid():
        nom, contenu = export_fec(cpts=request.cpts, by=request.acteur, **form.cleaned_data)
        return _send(nom, contenu, "text/plain; charset=utf-8")
    plan = selectors.get_compte_plan(request.cpts.pk, today())
    return render(
        request,
        "budget/comptabilite.html",
        {
            "titre": "Export comptable",
            "fil": _fil(request, ("Export comptable", "")),
            "form": form,
            "incertains": sum(compte.a_confirmer for compte in plan.values()),
            "plan": plan,
            "source": load_comptes().at(today()).reference.texte,
            "siren": selectors.get_reglages(request.cpts.pk).siren,
        },
        status=422 if form.errors else 200,
    )
