"""What frames the spending: planned lines, decisions of the bureau, the bank's balance, the settings."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.selectors import find_annee, get_contrat
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import today

from .. import selectors, services
from ..enums import Categorie
from ..forms import CompteForm, LigneForm, PrevuForm, ReaffectationForm, ReglagesForm, SoldeForm
from ..models import LigneBudget, Reaffectation, SoldeBanque
from ..permissions import ECRIRE, LIRE
from .budget import show_vide

CLES: dict[str, str] = {
    **{c.value: c.label for c in Categorie},
    "banque": "Compte de banque",
    "aci": "Versements de l’ACI",
    "recettes": "Autres recettes",
}


def _fil(request: Requete, titre: str) -> list[tuple[str, str]]:
    return [("Budget", reverse("budget:accueil", args=[request.cpts.slug])), (titre, "")]


@acces(LIRE)
@require_GET
def previsionnel(request: Requete, slug: str) -> HttpResponse:
    """What is planned, year by year."""
    contrat = get_contrat(request.cpts.pk)
    if contrat is None:
        return show_vide(request, slug)
    return _show_previsionnel(request, contrat, _ligne_form(contrat))


def _ligne_form(contrat: Contrat, saisie: Any = None) -> LigneForm:
    courante, _, _ = find_annee(contrat, today())
    annees = selectors.list_contrat_annees(contrat, today())
    return LigneForm(saisie, annees=annees, initial={"annee": courante})


@acces(ECRIRE)
@require_POST
def ajouter_ligne(request: Requete, slug: str) -> HttpResponse:
    """Plan so many euros for a year."""
    contrat = get_contrat(request.cpts.pk)
    if contrat is None:
        return show_vide(request, slug)
    form = _ligne_form(contrat, request.POST)
    if form.is_valid():
        try:
            services.add_ligne(contrat=contrat, by=request.acteur, **form.cleaned_data)
            messages.success(request, "La ligne est ajoutée au budget prévisionnel.")
            return redirect("budget:previsionnel", slug=slug)
        except ErreurRegle as refus:
            form.add_error(None, str(refus))
    return _show_previsionnel(request, contrat, form, status=422)


def _show_previsionnel(request: Requete, contrat: Any, form: Any, status: int = 200, **suite: Any) -> HttpResponse:
    lignes = list(LigneBudget.objects.filter(contrat=contrat).order_by("-annee", "poste", "categorie", "libelle"))
    annees: dict[int, list[LigneBudget]] = {}
    for ligne in lignes:
        annees.setdefault(ligne.annee, []).append(ligne)
    contexte = {
        "titre": "Budget prévisionnel",
        "fil": _fil(request, "Budget prévisionnel"),
        "annees": [(annee, siennes, sum(ligne.prevu for ligne in siennes)) for annee, siennes in annees.items()],
        "form": form,
        "ecrire": request.acteur.can(ECRIRE),
    }
    return render(request, "budget/previsionnel.html", contexte | suite, status=status)


@acces(ECRIRE)
@require_POST
def changer_ligne(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Plan another amount."""
    ligne = selectors.get_ligne(pk, for_acteur=request.acteur)
    form = PrevuForm(request.POST)
    if form.is_valid():
        services.change_ligne(ligne=ligne, prevu=form.cleaned_data["prevu"], by=request.acteur)
        messages.success(request, f"« {ligne.libelle} » est changée.")
        return redirect("budget:previsionnel", slug=slug)
    vierge = _ligne_form(ligne.contrat)
    return _show_previsionnel(request, ligne.contrat, vierge, 422, form_prevu=form, ouverte=ligne.pk)


@acces(ECRIRE)
@require_POST
def retirer_ligne(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Plan nothing any more."""
    ligne = selectors.get_ligne(pk, for_acteur=request.acteur)
    try:
        services.remove_ligne(ligne=ligne, by=request.acteur)
        messages.success(request, f"« {ligne.libelle} » est retirée.")
    except ErreurRegle as refus:
        messages.error(request, str(refus))
    return redirect("budget:previsionnel", slug=slug)


@acces(LIRE)
@require_GET
def soldes(request: Requete, slug: str) -> HttpResponse:
    """The balances of the bank; the latest one is where the forecast starts."""
    return _show_soldes(request, SoldeForm(initial={"le": today()}))


def _show_soldes(request: Requete, form: SoldeForm) -> HttpResponse:
    connus = SoldeBanque.objects.select_related("document").filter(cpts=request.cpts)
    return render(
        request,
        "budget/solde.html",
        {
            "titre": "Solde de la banque",
            "fil": _fil(request, "Solde de la banque"),
            "form": form,
            "soldes": connus.order_by("-le", "-saisi_le")[:24],
            "ecrire": request.acteur.can(ECRIRE),
        },
        status=422 if form.errors else 200,
    )


@acces(ECRIRE)
@require_POST
def noter_solde(request: Requete, slug: str) -> HttpResponse:
    """What the bank says of a day."""
    form = SoldeForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.record_solde(
                cpts_id=request.cpts.pk,
                le=form.cleaned_data["le"],
                montant=form.cleaned_data["montant"],
                source=form.cleaned_data["source"],
                document=form.read_piece(),
                by=request.acteur,
            )
            messages.success(request, "Le solde est noté : la prévision part de là.")
            return redirect("budget:accueil", slug=slug)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return _show_soldes(request, form)


@acces(LIRE)
@require_GET
def reaffectations(request: Requete, slug: str) -> HttpResponse:
    """Decisions of the bureau that move euros between envelopes."""
    contrat = get_contrat(request.cpts.pk)
    if contrat is None:
        return show_vide(request, slug)
    return _show_reaffectations(request, contrat, ReaffectationForm(initial={"decidee_le": today()}))


def _show_reaffectations(request: Requete, contrat: Contrat, form: ReaffectationForm) -> HttpResponse:
    decisions = Reaffectation.objects.select_related("document").filter(contrat=contrat)
    return render(
        request,
        "budget/reaffecter.html",
        {
            "titre": "Réaffectations entre enveloppes",
            "fil": _fil(request, "Réaffectations"),
            "form": form,
            "annee": find_annee(contrat, today())[0],
            "decisions": decisions.order_by("-decidee_le"),
            "ecrire": request.acteur.can(ECRIRE),
        },
        status=422 if form.errors else 200,
    )


@acces(ECRIRE)
@require_POST
def reaffecter(request: Requete, slug: str) -> HttpResponse:
    """Record a decision, for the contract year in course."""
    contrat = get_contrat(request.cpts.pk)
    if contrat is None:
        return show_vide(request, slug)
    form = ReaffectationForm(request.POST, request.FILES)
    if form.is_valid():
        d = {nom: valeur for nom, valeur in form.cleaned_data.items() if nom != "piece"}
        annee, _, _ = find_annee(contrat, today())
        try:
            services.record_reaffectation(
                contrat=contrat, annee=annee, document=form.read_piece(), by=request.acteur, **d
            )
            messages.success(request, "La décision est enregistrée : les deux enveloppes sont changées.")
            return redirect("budget:accueil", slug=slug)
        except (ErreurRegle, FichierRefuse) as refus:
            form.add_error(None, str(refus))
    return _show_reaffectations(request, contrat, form)


@acces(ECRIRE)
@require_http_methods(["GET", "POST"])
def reglages(request: Requete, slug: str) -> HttpResponse:
    """The threshold of the bureau, the SIREN, the accounts."""
    actuels = selectors.get_reglages(request.cpts.pk)
    depart = {"seuil_approbation": actuels.seuil_approbation, "siren": actuels.siren}
    form = ReglagesForm(request.POST or None, initial=depart)
    if request.method == "POST" and form.is_valid():
        services.save_reglages(cpts_id=request.cpts.pk, by=request.acteur, **form.cleaned_data)
        messages.success(request, "Les réglages sont enregistrés.")
        return redirect("budget:reglages", slug=slug)
    return _show_reglages(request, form)


def _show_reglages(request: Requete, form: Any, form_compte: Any = None) -> HttpResponse:
    plan = selectors.get_compte_plan(request.cpts.pk, today())
    refus = form.errors or (form_compte is not None and form_compte.errors)
    return render(
        request,
        "budget/reglages.html",
        {
            "titre": "Réglages du budget",
            "fil": _fil(request, "Réglages"),
            "form": form,
            "form_compte": form_compte or CompteForm(plan=plan, libelles=CLES),
            "compte_ouvert": form_compte is not None,
            "plan": [(CLES[cle], compte) for cle, compte in plan.items()],
        },
        status=422 if refus else 200,
    )


@acces(ECRIRE)
@require_POST
def compte(request: Requete, slug: str) -> HttpResponse:
    """Choose the account of a category."""
    plan = selectors.get_compte_plan(request.cpts.pk, today())
    form = CompteForm(request.POST, plan=plan, libelles=CLES)
    if form.is_valid():
        services.save_compte(cpts_id=request.cpts.pk, by=request.acteur, **form.cleaned_data)
        messages.success(request, "Le compte est enregistré.")
        return redirect("budget:reglages", slug=slug)
    actuels = selectors.get_reglages(request.cpts.pk)
    depart = {"seuil_approbation": actuels.seuil_approbation, "siren": actuels.siren}
    return _show_reglages(request, ReglagesForm(initial=depart), form)
