"""From the desk's spreadsheet to requests, in three steps, and what each list did."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from maillon.communaute.reprise.enums import EN_COURS, EtatReprise
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.progres import read_progres
from maillon.socle.ui.composants import Avancement, Etape, Onglet
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter

from .. import services
from ..attente.colonnes import read_liste
from ..enums import IssueAttente
from ..forms import ColonnesAttenteForm, DepotListeForm
from ..models import ActionRefusee, LigneAttente, ListeAttente
from ..permissions import GERER
from ..selectors import attente as selectors
from .commun import attempt
from .listes_entrees import ETATS_LISTE, ListeLignesAttente, ListeListes
from .onglets import FIL, build_onglets

TRAVAUX = {
    EtatReprise.EXAMEN: "Lecture de la liste",
    EtatReprise.APPLICATION: "Enregistrement des demandes",
    EtatReprise.ANNULATION: "Annulation de la liste",
}
MOTS = {
    IssueAttente.AJOUT: ("personne à ajouter", "personnes à ajouter"),
    IssueAttente.DOUBLON_BASE: ("a déjà une demande ouverte", "ont déjà une demande ouverte"),
    IssueAttente.DOUBLON_LISTE: ("ligne répétée", "lignes répétées"),
    IssueAttente.REFUSEE: ("ligne refusée", "lignes refusées"),
}
FAITS = {IssueAttente.AJOUT: ("personne ajoutée", "personnes ajoutées")}


def _url(nom: str, slug: str, *args: Any) -> str:
    return reverse(f"medecin_traitant_{nom}", args=[slug, *args])


def _contexte(request: Requete, titre: str, etape: int, liste: ListeAttente | None = None) -> dict[str, Any]:
    slug = request.cpts.slug
    a_verifier = liste is not None and liste.etat == EtatReprise.A_VERIFIER
    colonnes = _url("liste_colonnes", slug, liste.pk) if liste is not None and a_verifier else ""
    return {
        "titre": titre,
        "fil": [
            (FIL, _url("liste", slug)),
            ("Listes reprises", _url("listes", slug)),
            (liste.nom if liste else "Reprendre une liste", ""),
        ],
        "etapes": [Etape("La liste"), Etape("Les colonnes", colonnes), Etape("Vérifier")],
        "courante": etape,
        "liste_attente": liste,
    }


@acces(GERER, patients=True)
@require_safe
def listes(request: Requete, slug: str) -> HttpResponse:
    """The waiting lists received and what became of them."""
    contexte = {"onglets": build_onglets(request, "medecin_traitant_recontacts")}
    rows = selectors.list_listes(request.cpts.pk)
    return afficher_liste(request, ListeListes, rows, gabarit="medecin_traitant/listes.html", contexte=contexte)


@acces(GERER, patients=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def nouvelle_liste(request: Requete, slug: str) -> HttpResponse:
    """Deposit a waiting list."""
    form = DepotListeForm(request.POST, request.FILES) if request.method == "POST" else DepotListeForm()
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            liste = services.deposit_attente(
                cpts_id=request.cpts.pk,
                nom=fichier.name,
                contenu=fichier.read(),
                feuille=form.cleaned_data["feuille"],
                by=request.acteur,
            )
            return redirect("medecin_traitant_liste_reprise", slug=slug, liste_id=liste.pk)
        except ActionRefusee as refus:
            form.add_error("fichier", str(refus))
    contexte = _contexte(request, "Reprendre votre liste d’attente", 1) | {"form": form}
    return render(request, "medecin_traitant/liste_nouvelle.html", contexte, status=422 if form.errors else 200)


@acces(GERER, patients=True)
@require_http_methods(["GET", "HEAD", "POST"])
def colonnes(request: Requete, slug: str, liste_id: UUID) -> HttpResponse:
    """What each column holds: guessed from the titles, kept for the next list. Not one cell is shown."""
    liste = selectors.get_liste(liste_id, for_acteur=request.acteur)
    if liste.etat not in (EtatReprise.A_LIRE, EtatReprise.A_VERIFIER):
        return redirect("medecin_traitant_liste_reprise", slug=slug, liste_id=liste_id)
    entetes, _ = read_liste(liste.unseal())
    form = ColonnesAttenteForm(request.POST or None, entetes=entetes, lues=liste.colonnes)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_colonnes_attente(liste_id=liste.pk, colonnes=form.colonnes, by=request.acteur)
            return redirect("medecin_traitant_liste_reprise", slug=slug, liste_id=liste_id)
        except ActionRefusee as refus:
            form.add_error(None, str(refus))
    contexte = _contexte(request, "Que dit chaque colonne ?", 2, liste) | {"form": form}
    return render(request, "medecin_traitant/liste_colonnes.html", contexte, status=422 if form.errors else 200)


@acces(GERER, patients=True)
@require_safe
def liste(request: Requete, slug: str, liste_id: UUID) -> HttpResponse:
    """What the list would do, is doing, or did."""
    objet = selectors.get_liste(liste_id, for_acteur=request.acteur)
    if objet.etat == EtatReprise.A_LIRE and not objet.erreur:
        return redirect("medecin_traitant_liste_colonnes", slug=slug, liste_id=liste_id)
    a_verifier = objet.etat == EtatReprise.A_VERIFIER
    contexte = _contexte(request, "Vérifier avant d’enregistrer" if a_verifier else objet.nom, 3, objet) | {
        "pastille_etat": ETATS_LISTE[objet.etat],
        "phrases": _say(objet),
        "ajouts": objet.comptes.get(IssueAttente.AJOUT, 0),
        "a_verifier": a_verifier,
        "onglets": _onglets(objet, request.GET.get("issue", ""), request.path),
    }
    if objet.etat in EN_COURS:
        contexte |= {"p": _avancement(objet), "rafraichir": _url("liste_avancement", slug, liste_id)}
    rows = LigneAttente.objects.filter(liste=objet)
    gabarit = "medecin_traitant/liste_reprise.html"
    return afficher_liste(request, ListeLignesAttente, rows, gabarit=gabarit, contexte=contexte)


def _say(objet: ListeAttente) -> list[str]:
    mots = MOTS if objet.appliquee_le is None else MOTS | FAITS
    return [compter(n, *mots[issue]) for issue in mots if (n := objet.comptes.get(issue.value, 0))]


def _onglets(objet: ListeAttente, courante: str, url: str) -> list[Onglet]:
    found = [Onglet("À regarder", url, not courante)]
    found += [
        Onglet(issue.label.capitalize(), f"{url}?issue={issue.value}", courante == issue.value, nombre)
        for issue in (IssueAttente.REFUSEE, IssueAttente.DOUBLON_BASE, IssueAttente.DOUBLON_LISTE)
        if (nombre := objet.comptes.get(issue.value, 0))
    ]
    return found


def _avancement(objet: ListeAttente) -> Avancement:
    progres = read_progres(objet.pk)
    fait, total = progres or (0, max(objet.lues, 1))
    reste = "vous pouvez quitter cette page" if progres else "commence dans quelques secondes"
    return Avancement(TRAVAUX[EtatReprise(objet.etat)], fait, total, reste)


@acces(GERER, patients=True)
@require_GET
def avancement(request: Requete, slug: str, liste_id: UUID) -> HttpResponse:
    """The progress alone, asked every two seconds; once done, the page is asked whole."""
    objet = selectors.get_liste(liste_id, for_acteur=request.acteur)
    if objet.etat not in EN_COURS:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "ui/avancement.html", {"p": _avancement(objet), "rafraichir": request.path})


def _do(request: Requete, liste_id: UUID, action: Callable[..., Any], *, done: str = "") -> HttpResponse:
    objet = selectors.get_liste(liste_id, for_acteur=request.acteur)
    attempt(request, lambda: action(liste_id=objet.pk, by=request.acteur), done=done)
    return redirect("medecin_traitant_liste_reprise", slug=request.cpts.slug, liste_id=liste_id)


@acces(GERER, patients=True)
@require_POST
def appliquer(request: Requete, slug: str, liste_id: UUID) -> HttpResponse:
    """Write the list."""
    return _do(request, liste_id, services.ask_application_attente)


@acces(GERER, patients=True)
@require_POST
def abandonner(request: Requete, slug: str, liste_id: UUID) -> HttpResponse:
    """Close without writing; the content is erased."""
    return _do(request, liste_id, services.abandon_liste, done="Rien n’a été enregistré. Le contenu est effacé.")


@acces(GERER, patients=True)
@require_POST
def annuler(request: Requete, slug: str, liste_id: UUID) -> HttpResponse:
    """Undo a list whole."""
    return _do(request, liste_id, services.ask_annulation_attente)
