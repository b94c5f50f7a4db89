"""The catalogue: the contract's indicators in one list, the control of their definitions, the national texts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from maillon.regles.catalogue import by_mission, find_modele
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Onglet, Pastille, Vide
from maillon.socle.ui.listes import Colonne, Filtre, Liste, afficher_liste
from maillon.socle.ui.typographie import compter, format_euros

from .. import catalogue, presentation, selectors, services
from ..coherence import control_contrat, count_problemes
from ..enums import CodeMission, OrigineValeur, Periodicite
from ..forms import FicheForm
from ..models import Indicateur
from ..permissions import LIRE, LIRE_MISSION, MODIFIER

ETATS = {
    "certifie": Pastille("certifiée", "bien"),
    "declare": Pastille("déclarée", "attente"),
    "sans": Pastille("aucune valeur", "neutre"),
    "retard": Pastille("en retard", "alerte"),
}


def _say_valeur(indicateur: Any) -> str:
    if indicateur.derniere_valeur is None:
        return ""
    return presentation.say_valeur(indicateur.derniere_valeur, indicateur.unite)


def _say_paliers(indicateur: Indicateur) -> str:
    paliers = sorted(indicateur.paliers.all(), key=lambda palier: palier.montant)
    return " ; ".join(
        f"{presentation.say_condition(p.seuil, indicateur.sens, indicateur.unite)} : {format_euros(p.montant)}"
        for p in paliers
    )


def _certificateurs() -> list[tuple[str, str]]:
    noms = Indicateur.objects.values_list("certificateur", flat=True).distinct().order_by("certificateur")
    return [(nom, nom) for nom in noms]


class ListeIndicateurs(Liste):
    titre = "Les indicateurs du contrat"
    objet = ("indicateur", "indicateurs")
    colonnes = (
        Colonne("libelle", "Indicateur", tri=True, principale=True),
        Colonne("mission", "Mission", "get_mission_display", tri=True),
        Colonne("enjeu", "En jeu", genre="euros", tri=True),
        Colonne("etat", "Valeur", lambda i: ETATS[i.etat_valeur], "pastille", tri="etat_valeur"),
        Colonne("valeur", "Dernière valeur", _say_valeur),
        Colonne("age", "Âge", lambda i: catalogue.say_age(i.dernier_le, today()), tri="connu_le"),
        Colonne("origine", "Source", lambda i: OrigineValeur(i.origine).label, tri=True, facultative=True),
        Colonne("certificateur", "Certifié par", tri=True),
        Colonne("preuve_demandee", "Justificatif", facultative=True),
        Colonne("periodicite", "Périodicité", "get_periodicite_display", tri=True, facultative=True),
        Colonne("dernier_le", "Date de la valeur", genre="date", tri=True, facultative=True),
        Colonne("definition", "Définition", facultative=True),
        Colonne("unite", "Unité", facultative=True),
        Colonne("sens", "Sens", "get_sens_display", facultative=True),
        Colonne("reference", "Référence", genre="nombre", facultative=True),
        Colonne("paliers", "Paliers", _say_paliers, facultative=True),
        Colonne("annexe", "Texte", "source", facultative=True),
    )
    filtres = (
        Filtre("mission", "Mission", choix=CodeMission.choices),
        Filtre("etat", "Valeur", "etat_valeur", choix=[(code, p.libelle) for code, p in ETATS.items()]),
        Filtre("origine", "Source", choix=OrigineValeur.choices),
        Filtre("certificateur", "Certifié par", choix=_certificateurs),
    )
    recherche = ("libelle", "definition", "code")
    recherche_libelle = "Indicateur, définition"
    tri_defaut = "-enjeu"
    export_nom = "indicateurs"
    vide = Vide(
        "Aucun indicateur",
        "Les indicateurs viennent de l’annexe du contrat : saisissez le contrat pour les voir ici.",
        icone="chart-bar",
    )

    def url_ligne(self, objet: Indicateur) -> str:
        return reverse("pilotage:indicateur", args=[self.request.cpts.slug, objet.pk])


def _onglets(request: Requete, actif: str) -> list[Onglet]:
    slug = request.cpts.slug
    pages = [("indicateurs", "Ceux du contrat"), ("catalogue", "Catalogue national")]
    if request.acteur.can(LIRE):
        pages.insert(1, ("coherence", "Cohérence"))
    return [Onglet(libelle, reverse(f"pilotage:{nom}", args=[slug]), nom == actif) for nom, libelle in pages]


def _fil(request: Requete, *suite: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Les indicateurs", reverse("pilotage:indicateurs", args=[request.cpts.slug])), *suite]


@acces(LIRE_MISSION)
@require_GET
def indicateurs(request: Requete, slug: str) -> HttpResponse:
    """Every indicator of the contract: its value, its age, its source, its certifier, its euros."""
    contrat = selectors.get_contrat(request.cpts.pk)
    if contrat is None:
        return redirect("pilotage:annee", slug=slug)
    queryset = catalogue.list_indicateurs(contrat, request.acteur, today()).prefetch_related("paliers")
    return afficher_liste(
        request,
        ListeIndicateurs,
        queryset,
        gabarit="pilotage/indicateurs.html",
        contexte={"onglets": _onglets(request, "indicateurs")},
    )


@acces(LIRE)
@require_GET
def coherence(request: Requete, slug: str) -> HttpResponse:
    """Each definition with its numbers, each mission with its sum: what a person needs to see that they agree."""
    contrat = selectors.get_contrat(request.cpts.pk)
    if contrat is None:
        return redirect("pilotage:annee", slug=slug)
    controles = control_contrat(contrat, today())
    fautes = count_problemes(controles)
    return render(
        request,
        "pilotage/coherence.html",
        {
            "titre": "Cohérence des définitions",
            "onglets": _onglets(request, "coherence"),
            "controles": controles,
            "fautes": fautes,
            "phrase_fautes": f"{compter(fautes, 'mission')} où des nombres ne s’accordent pas.",
        },
    )


@acces(LIRE_MISSION)
@require_GET
def national(request: Requete, slug: str) -> HttpResponse:
    """The indicators met in annexes, with the texts that Maillon proposes."""
    return render(
        request,
        "pilotage/catalogue.html",
        {
            "titre": "Catalogue national",
            "onglets": _onglets(request, "catalogue"),
            "missions": by_mission(),
            "periodicites": dict(Periodicite.choices),
        },
    )


@acces(MODIFIER)
@require_http_methods(["GET", "POST"])
def fiche(request: Requete, slug: str, pk: UUID) -> HttpResponse:
    """Complete the definition, the evidence asked for and the periodicity; the catalogue proposes its texts."""
    objet = selectors.get_indicateur(pk, for_acteur=request.acteur)
    modele = find_modele(objet.libelle, mission=objet.mission)
    form = FicheForm(request.POST if request.method == "POST" else None, indicateur=objet, modele=modele)
    if request.method == "POST" and form.is_valid():
        services.complete_fiche(indicateur=objet, **form.cleaned_data, by=request.acteur)
        messages.success(request, "La fiche est enregistrée.")
        return redirect("pilotage:indicateur", slug=slug, pk=objet.pk)
    return render(
        request,
        "pilotage/fiche.html",
        {
            "titre": "Compléter la fiche",
            "sous_titre": objet.libelle,
            "fil": _fil(request, (objet.libelle, reverse("pilotage:indicateur", args=[slug, pk])), ("Fiche", "")),
            "form": form,
            "modele": modele,
            "annuler": reverse("pilotage:indicateur", args=[slug, pk]),
        },
        status=422 if form.errors else 200,
    )
