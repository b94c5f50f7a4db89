"""Campaigns of dues: the year in figures, opening, correcting, closing."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui import annonces
from maillon.socle.ui.composants import Chiffre, Onglet, Vide
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_date, format_euros

from .. import selectors, services
from ..forms.cotisations import CampagneForm
from ..listes_gestion import ListeCotisations
from ..models import Campagne
from ..permissions import COTISATIONS as TENIR
from ..relances import find_prochain
from .commun import COTISATIONS, attempt, build_fil


@acces(TENIR)
@require_safe
def accueil(request: Requete, slug: str) -> HttpResponse:
    """The latest campaign, or what to do first."""
    campagnes = selectors.list_campagnes(request.cpts.pk)
    if campagnes:
        return _show_campagne(request, campagnes[0], campagnes)
    vide = Vide(
        "Aucune campagne de cotisation",
        "Donnez un montant par collège et une échéance : Maillon demande à chaque membre, rappelle, et émet les reçus.",
        "Ouvrir une campagne",
        reverse("adhesions_campagne_ouvrir", args=[slug]),
        icone="coin-euro",
    )
    contexte = {"titre": "Cotisations", "fil": [("Communauté", ""), ("Cotisations", "")], "v": vide}
    return render(request, "adhesions/vide.html", contexte)


@acces(TENIR)
@require_safe
def campagne(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    campagnes = selectors.list_campagnes(request.cpts.pk)
    return _show_campagne(request, selectors.get_campagne(pk, request.cpts.pk), campagnes)


def _show_campagne(request: Requete, found: Campagne, campagnes: list[Campagne]) -> HttpResponse:
    slug = request.cpts.slug
    bilan = selectors.compute_bilan(found)
    contexte = {
        "titre": str(found),
        "sous_titre": _describe(found),
        "fil": build_fil(request, COTISATIONS, str(found.annee)),
        "campagne": found,
        "onglets": [
            Onglet(str(c.annee), reverse("adhesions_campagne", args=[slug, c.pk]), c.pk == found.pk) for c in campagnes
        ],
        "chiffres": _chiffres(request, found, bilan),
        "oublies": len(selectors.list_oublies(found, on=today())) if found.close_le is None else 0,
        "encaissements": selectors.list_encaissements(found),
        "sans_adresse": f"{compter(bilan.sans_adresse, 'membre n’a', 'membres n’ont')} pas de courriel : aucun rappel "
        "ne peut partir. Complétez sa fiche."
        if bilan.sans_adresse
        else "",
    }
    rows = selectors.list_cotisations(found, for_acteur=request.acteur)
    return afficher_liste(request, ListeCotisations, rows, gabarit="adhesions/cotisations.html", contexte=contexte)


def _describe(found: Campagne) -> str:
    """When they are due, and the next reminder."""
    phrase = f"À payer avant le {format_date(found.echeance, jour=False)}."
    if found.close_le:
        return f"{phrase} Campagne close le {format_date(found.close_le, jour=False)}."
    prochain = find_prochain(found.echeance, found.paliers, on=today())
    return (
        f"{phrase} Prochain rappel le {format_date(prochain, jour=False)}." if prochain else f"{phrase} Plus de rappel."
    )


def _chiffres(request: Requete, found: Campagne, bilan: selectors.Bilan) -> list[Chiffre]:
    page = reverse("adhesions_campagne", args=[request.cpts.slug, found.pk])
    part = bilan.recu / bilan.attendu if bilan.attendu else Decimal(0)
    return [
        Chiffre(
            "Reçu",
            bilan.recu,
            unite="€",
            cible=f"sur {format_euros(bilan.attendu)}",
            realise=part,
            url=f"{page}?etat=payee",
        ),
        Chiffre("Reste à payer", bilan.reste, unite="€", url=f"{page}?etat=due"),
        Chiffre("Membres à jour", bilan.payees + bilan.exemptees, cible=f"sur {bilan.total}", url=f"{page}?etat=payee"),
    ]


@acces(TENIR)
@require_http_methods(["GET", "HEAD", "POST"])
def ouvrir(request: Requete, slug: str) -> HttpResponse:
    """A new campaign, with last year's amounts to begin with."""
    cpts_id = request.cpts.pk
    last = next(iter(selectors.list_campagnes(cpts_id)), None)
    form = CampagneForm(
        request.POST or None,
        colleges=selectors.get_choix_colleges(cpts_id),
        tarifs=selectors.get_tarifs(last) if last else {},
        initial={"annee": last.annee + 1, "consigne": last.consigne} if last else {},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_campagne(
                cpts_id=cpts_id, annee=form.cleaned_data["annee"], donnees=form.read_donnees(), by=request.acteur
            )
            return redirect("adhesions_campagne", slug=slug, pk=made.pk)
        except ValidationError as refus:
            form.add_error("annee", refus.messages[0])
    return _show_form(request, form, "Ouvrir une campagne", reverse("adhesions_cotisations", args=[slug]))


@acces(TENIR)
@require_http_methods(["GET", "HEAD", "POST"])
def modifier(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    found = selectors.get_campagne(pk, request.cpts.pk)
    colleges = selectors.get_choix_colleges(request.cpts.pk)
    form = CampagneForm(request.POST or None, colleges=colleges, tarifs=selectors.get_tarifs(found), campagne=found)
    if request.method == "POST" and form.is_valid():
        donnees = form.read_donnees()
        attempt(
            request,
            lambda: services.change_campagne(campagne=found, donnees=donnees, by=request.acteur),
            done="La campagne est corrigée. Ce qui est déjà payé ne change pas.",
        )
        return redirect("adhesions_campagne", slug=slug, pk=pk)
    return _show_form(request, form, f"Modifier « {found} »", reverse("adhesions_campagne", args=[slug, pk]))


def _show_form(request: Requete, form: Any, titre: str, retour: str) -> HttpResponse:
    contexte = {"titre": titre, "fil": build_fil(request, COTISATIONS, titre), "form": form, "retour": retour}
    return render(request, "personnes/formulaire.html", contexte, status=422 if form.errors else 200)


@acces(TENIR)
@require_POST
def clore(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    found = selectors.get_campagne(pk, request.cpts.pk)
    if found.close_le is None:
        services.close_campagne(campagne=found, by=request.acteur)
        undo = reverse("adhesions_campagne_rouvrir", args=[slug, pk])
        annonces.offer_undo(request, "La campagne est close : plus aucun rappel ne part.", undo)
    return redirect("adhesions_campagne", slug=slug, pk=pk)


@acces(TENIR)
@require_POST
def rouvrir(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    found = selectors.get_campagne(pk, request.cpts.pk)
    attempt(
        request,
        lambda: services.reopen_campagne(campagne=found, by=request.acteur),
        done="La campagne est rouverte.",
    )
    return redirect("adhesions_campagne", slug=slug, pk=pk)


@acces(TENIR)
@require_POST
def completer(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Ask the members whom the campaign does not know yet."""
    found = selectors.get_campagne(pk, request.cpts.pk)
    nombre = services.ask_missing(campagne=found, by=request.acteur)
    messages.success(request, f"{compter(nombre, 'membre est ajouté', 'membres sont ajoutés')} à la campagne.")
    return redirect("adhesions_campagne", slug=slug, pk=pk)
