"""Pages of the library: the list, the archives, one document and its versions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.ui import annonces
from maillon.socle.ui.composants import Fait, Onglet
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_date

from . import selectors, services
from .forms import DepotForm, DocumentForm, VersionForm
from .listes import ListeDocuments, show_portee
from .models import Document
from .permissions import ECRIRE, LIRE, dossiers_kept_by


def _fil(slug: str, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Documents", reverse("bibliotheque:liste", args=[slug])), *suite]


def _show_liste(request: Requete, *, archives: bool) -> HttpResponse:
    slug = request.cpts.slug
    onglets = [
        Onglet("Documents", reverse("bibliotheque:liste", args=[slug]), not archives),
        Onglet("Archives", reverse("bibliotheque:archives", args=[slug]), archives),
    ]
    return afficher_liste(
        request,
        ListeDocuments,
        selectors.list_documents(request.cpts.pk, for_acteur=request.acteur, archives=archives),
        gabarit="bibliotheque/documents.html",
        contexte={
            "fil": _fil(slug, ("Archives", "")) if archives else [("Communauté", ""), ("Documents", "")],
            "onglets": onglets,
            "ecrire": bool(dossiers_kept_by(request.acteur)),
        },
    )


@acces(LIRE)
@require_safe
def liste(request: Requete, slug: str) -> HttpResponse:
    """The documents, filtered and exported as shown."""
    return _show_liste(request, archives=False)


@acces(LIRE)
@require_safe
def archives(request: Requete, slug: str) -> HttpResponse:
    """What is no longer of use, still readable."""
    return _show_liste(request, archives=True)


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def deposer(request: Requete, slug: str) -> HttpResponse:
    """Keep one document or several."""
    initial = {"mission": request.GET.get("mission", "")}
    form = DepotForm(request.POST or None, request.FILES or None, acteur=request.acteur, initial=initial)
    if request.method == "POST" and form.is_valid():
        depot = services.add_documents(
            cpts_id=request.cpts.pk, donnees=form.donnees, pieces=form.pieces, by=request.acteur
        )
        refus = [*form.refus, *depot.refus]
        if depot.documents:
            for phrase in refus:
                messages.error(request, phrase)
            gardes = compter(len(depot.documents), "document ajouté", "documents ajoutés")
            messages.success(request, f"{gardes}.")
            return redirect("bibliotheque:liste", slug=slug)
        for phrase in refus:
            form.add_error("fichiers", phrase)
    retour = reverse("bibliotheque:liste", args=[slug])
    return _show_form(request, form, "Ajouter des documents", retour, envoyer="Ajouter")


def _show_form(request: Requete, form: Any, titre: str, retour: str, envoyer: str = "") -> HttpResponse:
    return render(
        request,
        "bibliotheque/formulaire.html",
        {
            "titre": titre,
            "fil": _fil(request.cpts.slug, (titre, "")),
            "form": form,
            "retour": retour,
            "envoyer": envoyer,
        },
        status=422 if form.errors else 200,
    )


@acces(LIRE)
@require_safe
def document(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """One document: the version in force, the former ones, who opened it when it is restricted."""
    return _show(request, selectors.get_document(pk, for_acteur=request.acteur))


def _show(request: Requete, objet: Document, form: VersionForm | None = None) -> HttpResponse:
    ecrire = objet.mission in dossiers_kept_by(request.acteur)
    versions = selectors.list_versions(objet)
    return render(
        request,
        "bibliotheque/document.html",
        {
            "titre": objet.titre,
            "fil": _fil(request.cpts.slug, (objet.titre, "")),
            "document": objet,
            "pastille": show_portee(objet),
            "faits": _build_faits(objet),
            "derniere": versions[0][0],
            "versions": versions,
            "ouvertures": selectors.list_ouvertures(objet) if ecrire and objet.is_restreint else [],
            "ecrire": ecrire,
            "form_version": form or VersionForm(),
        },
        status=422 if form else 200,
    )


def _build_faits(objet: Document) -> list[Fait]:
    faits = [
        Fait("Dossier", objet.dossier.capitalize()),
        Fait("Nature", objet.get_nature_display().capitalize()),
        Fait("Visible par", objet.get_portee_display().capitalize()),
    ]
    if objet.conserver_jusqu_a:
        faits.append(Fait("À conserver jusqu’au", format_date(objet.conserver_jusqu_a, jour=False)))
    if objet.archive_le:
        faits.append(Fait("Archivé le", format_date(objet.archive_le, jour=False)))
    return faits


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def modifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Correct the title, the folder, who sees it, how long it is kept."""
    objet = selectors.get_document(pk, for_acteur=request.acteur, ecrire=True)
    form = DocumentForm(request.POST or None, acteur=request.acteur, document=objet)
    if request.method == "POST" and form.is_valid():
        services.change_document(document=objet, donnees=form.donnees, by=request.acteur)
        messages.success(request, "Le document est corrigé.")
        return redirect("bibliotheque:document", slug=slug, pk=pk)
    retour = reverse("bibliotheque:document", args=[slug, pk])
    return _show_form(request, form, f"Modifier\u00a0: {objet.titre}", retour)


@acces(ECRIRE)
@require_POST
def ajouter_version(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Replace the version in force; the former one stays readable."""
    objet = selectors.get_document(pk, for_acteur=request.acteur, ecrire=True)
    form = VersionForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            version = services.add_version(
                document=objet, piece=form.piece, note=form.cleaned_data["note"], by=request.acteur
            )
            messages.success(request, f"La version {version.numero} est en vigueur.")
            return redirect("bibliotheque:document", slug=slug, pk=pk)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error("fichier", str(refus))
    return _show(request, objet, form=form)


@acces(ECRIRE)
@require_POST
def archiver(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Take it out of the list."""
    objet = selectors.get_document(pk, for_acteur=request.acteur, ecrire=True)
    services.archive_document(document=objet, by=request.acteur)
    retour = reverse("bibliotheque:retablir", args=[slug, pk])
    annonces.offer_undo(request, f"«\u00a0{objet.titre}\u00a0» est archivé.", retour)
    return redirect("bibliotheque:liste", slug=slug)


@acces(ECRIRE)
@require_POST
def retablir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Put it back in the list."""
    objet = selectors.get_document(pk, for_acteur=request.acteur, ecrire=True)
    services.restore_document(document=objet, by=request.acteur)
    messages.success(request, f"«\u00a0{objet.titre}\u00a0» est de nouveau dans les documents.")
    return redirect("bibliotheque:document", slug=slug, pk=pk)
