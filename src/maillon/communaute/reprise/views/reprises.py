"""From an existing list to members, in three steps, and what each list did."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.fichiers.tableaux import Tableau, TableauIllisible, write_cell
from maillon.socle.ui.composants import Etape
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter

from .. import presentation, selectors, services
from ..enums import EN_COURS, EtatReprise, Genre, Issue
from ..forms import ColonnesForm, DepotForm
from ..listes import ListeLignes, ListeReprises
from ..models import LigneReprise, Reprise
from ..permissions import REPRENDRE

REFUS = (services.RepriseRefusee, FichierRefuse, TableauIllisible)
APERCU = 5


@acces(REPRENDRE)
@require_safe
def reprises(request: Requete, slug: str) -> HttpResponse:
    """The lists received and what became of them."""
    contexte = {
        "fil": [("Communauté", ""), ("Listes reprises", "")],
        "onglets": presentation.build_rubriques(slug, "listes"),
    }
    rows = selectors.list_reprises(request.cpts.pk)
    return afficher_liste(request, ListeReprises, rows, gabarit="reprise/reprises.html", contexte=contexte)


def _contexte(request: Requete, titre: str, etape: int, objet: Reprise | None = None) -> dict[str, Any]:
    slug = request.cpts.slug
    ouverte = objet is not None and objet.etat == EtatReprise.A_VERIFIER
    colonnes_url = reverse("reprise:colonnes", args=[slug, objet.pk]) if objet is not None and ouverte else ""
    return {
        "titre": titre,
        "fil": [
            ("Listes reprises", reverse("reprise:reprises", args=[slug])),
            (objet.fichier.nom if objet else "Reprendre une liste", ""),
        ],
        "etapes": [Etape("La liste"), Etape("Les colonnes", colonnes_url), Etape("Vérifier")],
        "courante": etape,
        "reprise": objet,
    }


@acces(REPRENDRE)
@require_http_methods(["GET", "POST"])
def nouvelle(request: Requete, slug: str) -> HttpResponse:
    """Deposit a list."""
    form = DepotForm(request.POST, request.FILES) if request.method == "POST" else DepotForm()
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            objet = services.deposit_liste(
                cpts_id=request.cpts.pk,
                nom=fichier.name,
                contenu=fichier.read(),
                genre=Genre(form.cleaned_data["genre"]),
                by=request.acteur,
            )
            return redirect("reprise:reprise", slug=slug, pk=objet.pk)
        except REFUS as refus:
            form.add_error("fichier", str(refus))
    contexte = _contexte(request, "Reprendre une liste", 1) | {"form": form}
    return render(request, "reprise/nouvelle.html", contexte, status=422 if form.errors else 200)


@acces(REPRENDRE)
@require_http_methods(["GET", "POST"])
def colonnes(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """What each column holds: guessed from the titles, kept for the next list."""
    objet = selectors.get_reprise(pk, for_acteur=request.acteur)
    if objet.etat not in (EtatReprise.A_LIRE, EtatReprise.A_VERIFIER):
        return redirect("reprise:reprise", slug=slug, pk=pk)
    try:
        tableau, vide = _read_feuille(objet, request.POST.get("feuille", objet.feuille)[:100])
    except REFUS as refus:
        messages.error(request, str(refus))
        return redirect("reprise:reprises", slug=slug)
    form = ColonnesForm(request.POST if request.method == "POST" else None, tableau=tableau, reprise=objet)
    if vide:
        form.add_error("feuille", vide)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_colonnes(
                reprise=objet,
                colonnes=form.colonnes,
                genre=Genre(form.cleaned_data["genre"]),
                date_defaut=form.cleaned_data["date_defaut"],
                feuille=form.cleaned_data.get("feuille", tableau.feuille),
                by=request.acteur,
            )
            return redirect("reprise:reprise", slug=slug, pk=pk)
        except REFUS as refus:
            form.add_error(None, str(refus))
    contexte = _contexte(request, "Que dit chaque colonne ?", 2, objet) | {
        "form": form,
        "questions": [form[nom] for nom in form.fields if not nom.startswith("c")],
        "lignes": [
            (form[f"c{rang}"], [write_cell(ligne.cellules[rang]) for ligne in tableau.lignes[:3]])
            for rang in range(len(tableau.entetes))
        ],
    }
    return render(request, "reprise/colonnes.html", contexte, status=422 if form.errors else 200)


def _read_feuille(objet: Reprise, feuille: str) -> tuple[Tableau, str]:
    """The first rows of a sheet; when it holds no table, those of the sheet read so far, and why."""
    lue, objet.feuille = objet.feuille, feuille
    try:
        return selectors.read_reprise(objet, apercu=APERCU), ""
    except TableauIllisible as refus:
        if feuille == lue:
            raise
        objet.feuille = lue
        return selectors.read_reprise(objet, apercu=APERCU), f"Feuille « {feuille} »\u00a0: {refus}"


@acces(REPRENDRE)
@require_safe
def reprise(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """What the list would do, is doing, or did."""
    objet = selectors.get_reprise(pk, for_acteur=request.acteur)
    if objet.etat == EtatReprise.A_LIRE and not objet.erreur:
        return redirect("reprise:colonnes", slug=slug, pk=pk)
    comptes = selectors.count_issues(objet)
    faite = objet.etat in (EtatReprise.APPLIQUEE, EtatReprise.ANNULATION, EtatReprise.ANNULEE)
    a_verifier = objet.etat == EtatReprise.A_VERIFIER
    contexte = _contexte(request, "Vérifier avant d’enregistrer" if a_verifier else objet.fichier.nom, 3, objet) | {
        "pastille_etat": presentation.ETATS[objet.etat],
        "phrase": presentation.say_comptes(comptes, faite=faite),
        "a_decider": selectors.count_a_decider(objet) if a_verifier else 0,
        "decidable": a_verifier and selectors.has_decisions(objet),
        "ecrites": comptes[Issue.AJOUT] + comptes[Issue.COMPLEMENT] + selectors.count_decidees(objet),
        "a_verifier": a_verifier,
        "faite": faite,
        "deja": selectors.find_deja(objet) if a_verifier else None,
        "onglets": presentation.build_onglets(comptes, request.GET.get("issue", ""), request.path, faite=faite),
    }
    if objet.etat in EN_COURS:
        contexte |= {
            "p": presentation.build_avancement(objet),
            "rafraichir": reverse("reprise:avancement", args=[slug, pk]),
        }
    request.decidable = a_verifier  # type: ignore[attr-defined] # read by the list
    rows = LigneReprise.objects.filter(reprise=objet)
    return afficher_liste(request, ListeLignes, rows, gabarit="reprise/reprise.html", contexte=contexte)


@acces(REPRENDRE)
@require_GET
def avancement(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """The progress alone, asked every two seconds; once done, the page is asked whole."""
    objet = selectors.get_reprise(pk, for_acteur=request.acteur)
    if objet.etat not in EN_COURS:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    contexte = {"p": presentation.build_avancement(objet), "rafraichir": request.path}
    return render(request, "ui/avancement.html", contexte)


@acces(REPRENDRE)
@require_POST
def decider(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Record what was decided of the rows shown."""
    objet = selectors.get_reprise(pk, for_acteur=request.acteur)
    lignes = [nom for nom in request.POST if nom[:1] == "l" and nom[1:].isdecimal()]
    choix = {int(nom[1:]): str(request.POST[nom]) for nom in lignes}
    try:
        nombre = services.decide_lignes(reprise=objet, choix=choix, by=request.acteur)
        messages.success(request, f"{compter(nombre, 'décision enregistrée', 'décisions enregistrées')}.")
    except services.RepriseRefusee as refus:
        messages.error(request, str(refus))
    adresse = reverse("reprise:reprise", args=[slug, pk])
    reste = selectors.count_a_decider(objet)
    return redirect(f"{adresse}?issue=douteuse" if reste else adresse)


@acces(REPRENDRE)
@require_POST
def appliquer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Write the list."""
    objet = selectors.get_reprise(pk, for_acteur=request.acteur)
    try:
        services.ask_application(reprise=objet, by=request.acteur)
    except REFUS as refus:
        messages.error(request, str(refus))
    return redirect("reprise:reprise", slug=slug, pk=pk)


@acces(REPRENDRE)
@require_POST
def abandonner(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Close without writing."""
    objet = selectors.get_reprise(pk, for_acteur=request.acteur)
    try:
        services.abandon_reprise(reprise=objet, by=request.acteur)
        messages.success(request, "Rien n’a été enregistré. Le fichier reste dans l’historique.")
    except REFUS as refus:
        messages.error(request, str(refus))
    return redirect("reprise:reprises", slug=slug)


@acces(REPRENDRE)
@require_POST
def annuler(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Undo a list whole."""
    objet = selectors.get_reprise(pk, for_acteur=request.acteur)
    try:
        services.ask_annulation(reprise=objet, by=request.acteur)
    except REFUS as refus:
        messages.error(request, str(refus))
    return redirect("reprise:reprise", slug=slug, pk=pk)
