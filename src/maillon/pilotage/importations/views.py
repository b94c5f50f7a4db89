"""From a file of the Assurance Maladie to certified values, in four steps, and what each file did."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.pilotage.contrats.permissions import LIRE, MODIFIER
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.ui.composants import Etape, Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste, afficher_liste
from maillon.socle.ui.typographie import compter

from . import selectors, services
from .correspondances import propose_indicateur
from .enums import EtatImportation
from .forms import ColonnesForm, DepotForm, LibellesForm
from .lecture import ImportRefuse, Tableau, write_cell
from .models import Correspondance, Importation, LigneImportation
from .presentation import group_lignes, say_comptes

REFUS = (ImportRefuse, FichierRefuse)
APERCU = 5
ETATS = {
    EtatImportation.A_VERIFIER: Pastille("à vérifier", "attente"),
    EtatImportation.CONFIRMEE: Pastille("enregistrée", "bien"),
    EtatImportation.ABANDONNEE: Pastille("abandonnée", "neutre"),
}


class ListeImportations(Liste):
    titre = "Fichiers reçus"
    objet = ("fichier", "fichiers")
    colonnes = (
        Colonne("fichier", "Fichier", "fichier.nom", tri="fichier__nom", principale=True),
        Colonne("source", "Source", "correspondance.nom", tri="correspondance__nom"),
        Colonne("deposee_le", "Déposé le", genre="date", tri=True),
        Colonne("etat", "État", lambda i: ETATS[i.etat], "pastille", tri=True),
        Colonne("ajoutees", "Ajoutées", genre="nombre", tri=True),
        Colonne("corrigees", "Corrigées", genre="nombre", tri=True),
        Colonne("inchangees", "Inchangées", genre="nombre", tri=True, facultative=True),
        Colonne("refusees", "Refusées", genre="nombre", tri=True),
        Colonne("secretes", "Sous secret", genre="nombre", facultative=True),
        Colonne("empreinte", "Empreinte SHA-256", "fichier.empreinte", facultative=True),
    )
    filtres = (Filtre("etat", "État", choix=EtatImportation.choices),)
    recherche = ("fichier__nom", "correspondance__nom")
    tri_defaut = "-deposee_le"
    export_nom = "importations"
    vide = Vide(
        "Aucun fichier importé",
        "Les fichiers de l’Assurance Maladie (CSV, Excel) donnent d’un coup les valeurs certifiées. La lecture du "
        "premier est gardée pour les suivants.",
        icone="file-spreadsheet",
    )

    def url_ligne(self, objet: Importation) -> str:
        return reverse("importations:importation", args=[self.request.cpts.slug, objet.pk])


@acces(LIRE)
@require_GET
def importations(request: Requete, slug: str) -> HttpResponse:
    """The files received and what each did."""
    return afficher_liste(
        request,
        ListeImportations,
        selectors.list_importations(request.cpts.pk),
        gabarit="importations/liste.html",
        contexte={
            "modifiable": request.acteur.can(MODIFIER),
        },
    )


def _contexte(request: Requete, titre: str, etape: int, importation: Importation | None = None) -> dict[str, Any]:
    slug = request.cpts.slug
    args = [slug, importation.pk] if importation else []
    ouverte = importation is not None and importation.etat == EtatImportation.A_VERIFIER
    noms = (
        ("Le fichier", ""),
        ("Les colonnes", "colonnes"),
        ("Les indicateurs", "libelles"),
        ("Vérifier", "importation"),
    )
    return {
        "titre": titre,
        "fil": [
            ("Fichiers reçus", reverse("importations:importations", args=[slug])),
            (importation.fichier.nom if importation else "Importer", ""),
        ],
        "etapes": [
            Etape(libelle, reverse(f"importations:{nom}", args=args) if nom and ouverte and rang < etape else "")
            for rang, (libelle, nom) in enumerate(noms, 1)
        ],
        "courante": etape,
        "importation": importation,
        "modifiable": request.acteur.can(MODIFIER),
    }


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """Deposit a file: read, refused when it names people, kept with its hash."""
    sources = Correspondance.objects.filter(cpts=request.cpts)
    form = DepotForm(*_posted(request), sources=sources)
    if request.method == "POST" and form.is_valid():
        try:
            importation = _deposit(request, form)
            return redirect("importations:importation", slug=slug, pk=importation.pk)
        except REFUS as refus:
            form.add_error("fichier", str(refus))
    contexte = _contexte(request, "Importer un fichier", 1) | {"form": form}
    return render(request, "importations/nouvelle.html", contexte, status=422 if form.errors else 200)


def _posted(request: Requete) -> tuple[Any, Any]:
    """What was sent, if anything was: a form sent empty is refused like another."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _deposit(request: Requete, form: DepotForm) -> Importation:
    lu, piece, by = form.cleaned_data, form.piece, request.acteur
    if lu["source"]:
        return services.deposit_fichier(correspondance=lu["source"], nom=piece.nom, contenu=piece.contenu, by=by)
    return services.deposit_from_new_source(
        cpts_id=request.cpts.pk,
        source=lu["nom"],
        organisme=lu["organisme"],
        certificateur=lu["certificateur"],
        nom=piece.nom,
        contenu=piece.contenu,
        by=by,
    )


@acces(LIRE)
@require_GET
def importation(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """What the file would do, or did."""
    objet = selectors.get_importation(pk, for_acteur=request.acteur)
    if objet.etat != EtatImportation.A_VERIFIER:
        return _render_bilan(request, objet)
    try:
        tableau = selectors.read_importation(objet)
        etape = selectors.find_etape(objet, tableau)
        if etape < 4 and request.acteur.can(MODIFIER):
            return redirect(f"importations:{'colonnes' if etape == 2 else 'libelles'}", slug=slug, pk=pk)
        essai = selectors.compute_essai(objet, tableau) if etape == 4 else None
    except REFUS as refus:
        return _render_refus(request, objet, str(refus))
    contexte = _contexte(request, "Vérifier avant d’enregistrer", etape, objet)
    if essai is not None:
        contexte |= {
            "essai": essai,
            "groupes": group_lignes(essai.lignes),
            "comptes": say_comptes(essai.comptes),
            "ecrites": len(essai.ecrites),
            "deja": selectors.find_deja(objet),
        }
    return render(request, "importations/verifier.html", contexte)


def _render_bilan(request: Requete, objet: Importation) -> HttpResponse:
    lignes = LigneImportation.objects.filter(importation=objet).select_related("indicateur")
    contexte = _contexte(request, objet.fichier.nom, 5, objet) | {
        "pastille_etat": ETATS[EtatImportation(objet.etat)],
        "groupes": group_lignes(list(lignes)),
    }
    return render(request, "importations/bilan.html", contexte)


def _render_refus(request: Requete, objet: Importation, refus: str) -> HttpResponse:
    contexte = _contexte(request, "Ce fichier ne se lit plus", 2, objet) | {"refus": refus}
    return render(request, "importations/verifier.html", contexte, status=422)


def _open(request: Requete, pk: UUID) -> tuple[Importation, Tableau | None, str]:
    """The import to complete and its table, or why it cannot be read."""
    objet = selectors.get_importation(pk, for_acteur=request.acteur)
    try:
        return objet, selectors.read_importation(objet), ""
    except REFUS as refus:
        return objet, None, str(refus)


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def colonnes(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Which columns are read: proposed from the titles, kept for the next file."""
    objet, tableau, refus = _open(request, pk)
    if tableau is None:
        return _render_refus(request, objet, refus)
    form = ColonnesForm(_posted(request)[0], tableau=tableau, importation=objet)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_colonnes(
                importation=objet,
                colonnes=form.colonnes,
                date_fixe=form.cleaned_data["date_fixe"],
                feuille=form.cleaned_data.get("feuille", tableau.feuille),
                by=request.acteur,
            )
            return redirect("importations:libelles", slug=slug, pk=pk)
        except ImportRefuse as erreur:
            form.add_error(None, str(erreur))
    contexte = _contexte(request, "Les colonnes", 2, objet) | {
        "form": form,
        "entetes": tableau.entetes,
        "apercu": [[write_cell(c) for c in ligne.cellules] for ligne in tableau.lignes[:APERCU]],
        "lues": len(tableau.lignes),
    }
    return render(request, "importations/colonnes.html", contexte, status=422 if form.errors else 200)


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def libelles(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Which indicator each label names: proposed, kept for the next file."""
    objet, tableau, refus = _open(request, pk)
    if tableau is None:
        return _render_refus(request, objet, refus)
    try:
        trouves = selectors.find_libelles(objet, tableau)
        contrat = selectors.find_contrat(request.cpts.pk)
    except ImportRefuse as erreur:
        messages.error(request, str(erreur))
        return redirect("importations:colonnes", slug=slug, pk=pk)
    indicateurs = list(contrat.indicateurs.all())
    connus = {i.code: (i.libelle, i.mission) for i in indicateurs}
    proposes = {nom: propose_indicateur(nom, connus, objet.correspondance.libelles) for nom in trouves}
    form = LibellesForm(_posted(request)[0], libelles=trouves, indicateurs=indicateurs, proposes=proposes)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_libelles(importation=objet, libelles=form.choix, by=request.acteur)
            return redirect("importations:importation", slug=slug, pk=pk)
        except ImportRefuse as erreur:
            form.add_error(None, str(erreur))
    contexte = _contexte(request, "Les indicateurs", 3, objet) | {"form": form, "trouves": len(trouves)}
    return render(request, "importations/libelles.html", contexte, status=422 if form.errors else 200)


def _finish(
    request: Requete, pk: UUID, act: Callable[[Importation], Importation], dire: Callable[[Importation], str]
) -> HttpResponse:
    objet = selectors.get_importation(pk, for_acteur=request.acteur)
    try:
        messages.success(request, dire(act(objet)))
    except REFUS as refus:
        messages.error(request, str(refus))
    return redirect("importations:importation", slug=request.cpts.slug, pk=pk)


@acces(MODIFIER)
@require_POST
def confirmer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Record the values."""

    def dire(objet: Importation) -> str:
        nombre = objet.ajoutees + objet.corrigees
        if not nombre:
            return "Rien n’a changé : toutes ces valeurs étaient déjà enregistrées."
        return f"{compter(nombre, 'valeur enregistrée', 'valeurs enregistrées')}."

    return _finish(request, pk, lambda objet: services.confirm_importation(importation=objet, by=request.acteur), dire)


@acces(MODIFIER)
@require_POST
def abandonner(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Close without recording."""
    return _finish(
        request,
        pk,
        lambda objet: services.abandon_importation(importation=objet, by=request.acteur),
        lambda objet: "Rien n’a été enregistré. Le fichier reste dans l’historique.",
    )
