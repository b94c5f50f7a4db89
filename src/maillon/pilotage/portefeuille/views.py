"""Pages of CPAM and ARS agents: the contracts of their territory, read only, down to pseudonymous acts."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from maillon.pilotage.contrats import courbes, presentation
from maillon.pilotage.contrats.enums import Nature
from maillon.pilotage.contrats.mentions import find_mention_publiee
from maillon.pilotage.contrats.permissions import LIRE_TERRITOIRE
from maillon.pilotage.contrats.releves import SEUIL_SECRET, count_by_commune
from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.composants import Chiffre, Fait
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import compter, format_euros

from . import comparaison, selectors
from .listes import ListeComparaison, ListePortefeuille

ACTES_PAR_PAGE = 50
# Where else an agent reads of this community.
SUITES = (
    ("Vie de la communauté", "route", "cycle:territoire_vie"),
    ("Dialogues de gestion", "messages", "dialogues:territoire"),
    ("Dossiers reçus", "folder", "dossiers:territoire"),
)


@acces(LIRE_TERRITOIRE)
@require_GET
def contrats(request: Requete) -> HttpResponse:
    """The contracts of the territory with their totals, and the communities that have none yet."""
    releves = selectors.list_courants(request.acteur)
    return afficher_liste(
        request,
        ListePortefeuille,
        selectors.follow(releves),
        gabarit="portefeuille/contrats.html",
        contexte={
            "chiffres": comparaison.build_totaux(selectors.compute_totaux(releves)),
            "sans_contrat": selectors.list_sans_contrat(request.acteur),
        },
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def comparer(request: Requete) -> HttpResponse:
    """The contracts side by side, mission by mission, and where each stands among the others."""
    releves = selectors.list_courants(request.acteur).en_vigueur(today())
    choisis = ListeComparaison(releves, request.GET, request=request).queryset
    return afficher_liste(
        request,
        ListeComparaison,
        releves,
        gabarit="portefeuille/comparer.html",
        contexte={
            "fil": [("Contrats du territoire", reverse("portefeuille:contrats")), ("Comparer", "")],
            "graphique": comparaison.draw_missions(selectors.list_parts(choisis)),
        },
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def contrat(request: Requete, contrat_id: UUID) -> HttpResponse:
    """The figures of a contract year; each opens onto its indicator."""
    releve = selectors.get_releve(contrat_id, for_acteur=request.acteur)
    chiffres = releve.chiffres
    barres = [
        presentation.barre_of_json(
            mission["libelle"], mission, cle=f"barre-{mission['code']}", url=f"#{mission['code']}"
        )
        for mission in chiffres["missions"]
        if mission["variable"] and Decimal(mission["variable"]["euros"])
    ]
    return render(
        request,
        "portefeuille/contrat.html",
        {
            "titre": releve.cpts.nom,
            "fil": [("Contrats du territoire", reverse("portefeuille:contrats")), (releve.cpts.nom, "")],
            "releve": releve,
            "mention": find_mention_publiee(releve),
            "suites": [
                (libelle, icone, reverse(nom, args=[releve.cpts_id]) if nom == "cycle:territoire_vie" else reverse(nom))
                for libelle, icone, nom in SUITES
            ],
            "faits": _faits(chiffres),
            "chiffres": _chiffres(chiffres),
            "barres": barres,
            "missions": [_mission(releve.contrat_id, mission) for mission in chiffres["missions"]],
        },
    )


@acces(LIRE_TERRITOIRE)
@require_GET
def indicateur(request: Requete, contrat_id: UUID, indicateur_id: UUID) -> HttpResponse:
    """An indicator, its values, its pseudonymous acts and the hashes of its evidence."""
    releve = selectors.get_releve(contrat_id, for_acteur=request.acteur)
    lu = selectors.find_indicateur_releve(releve, indicateur_id)
    actes = selectors.get_actes_releve(releve, indicateur_id)
    communes = count_by_commune(actes.values_list("commune", flat=True))
    return render(
        request,
        "portefeuille/indicateur.html",
        {
            "titre": lu["libelle"],
            "fil": [
                ("Contrats du territoire", reverse("portefeuille:contrats")),
                (releve.cpts.nom, reverse("portefeuille:contrat", args=[contrat_id])),
                (lu["mission"], ""),
            ],
            "releve": releve,
            "dialogue": selectors.find_dialogue(contrat_id, for_acteur=request.acteur),
            "indicateur": lu,
            "preuves": [{**preuve, "le": date.fromisoformat(preuve["le"])} for preuve in lu["preuves"]],
            "barre": presentation.barre_of_json("Euros de l’indicateur", lu, cle="indicateur"),
            "constate": _valeur(lu["constate"], lu["unite"]),
            "prevu": _valeur(lu["prevu"], lu["unite"]),
            "paliers": [_palier(palier, lu) for palier in lu["paliers"]],
            "courbe": _courbe(lu, releve.fin),
            "communes": communes if any(commune for commune, _ in communes) else [],
            "secret": SEUIL_SECRET,
            "page": Paginator(actes, ACTES_PAR_PAGE).get_page(request.GET.get("page")),
        },
    )


def _faits(chiffres: dict[str, Any]) -> list[Fait]:
    plafond = chiffres["plafond"]
    doute = presentation.certitude(plafond["total"]["a_confirmer"])
    population = compter(chiffres["population"], "habitant") if chiffres["population"] else ""
    return [
        Fait("Signé le", f"{date.fromisoformat(chiffres['signe_le']):%d/%m/%Y}"),
        Fait(
            "Année de contrat",
            f"{chiffres['annee']} sur {chiffres['duree']}",
            f"jusqu’au {date.fromisoformat(chiffres['fin']):%d/%m/%Y}, date anniversaire",
        ),
        Fait("Taille", f"taille {chiffres['taille']}", population),
        Fait("Plafond de l’année, hors crise", format_euros(Decimal(plafond["hors_activation"]["euros"])), doute),
        Fait("Si l’ARS reconnaît une crise", format_euros(Decimal(plafond["total"]["euros"])), doute),
    ]


def _chiffres(chiffres: dict[str, Any]) -> list[Chiffre]:
    montants, variable = chiffres["montants"], Decimal(chiffres["variable"])
    doute = presentation.certitude(chiffres["plafond"]["total"]["a_confirmer"])

    def part(libelle: str, nom: str) -> Chiffre:
        montant = Decimal(montants[nom])
        return Chiffre(libelle, montant, "€", realise=montant / variable if variable else None, certitude=doute)

    return [
        part("Constaté", "constate"),
        part("À confirmer", "a_confirmer"),
        part("Encore possible", "encore_possible"),
    ]


def _mission(contrat_id: UUID, mission: dict[str, Any]) -> dict[str, Any]:
    lignes = [
        {
            **indicateur,
            "url": reverse("portefeuille:indicateur", args=[contrat_id, indicateur["id"]]),
            "constate": _valeur(indicateur["constate"], indicateur["unite"]),
            "prevu": _valeur(indicateur["prevu"], indicateur["unite"]),
            "euros": {nom: Decimal(montant) for nom, montant in indicateur["montants"].items()},
        }
        for indicateur in mission["indicateurs"]
    ]
    return {**mission, "lignes": lignes}


def _palier(palier: dict[str, Any], lu: dict[str, Any]) -> tuple[str, Decimal, str]:
    condition = presentation.say_condition(Decimal(palier["seuil"]), lu["sens"], lu["unite"])
    return condition, Decimal(palier["montant"]), palier["libelle"]


def _valeur(valeur: str | None, unite: str) -> str:
    return presentation.say_valeur(None if valeur is None else Decimal(valeur), unite)


def _courbe(lu: dict[str, Any], fin: date) -> Any:
    if lu["nature"] == Nature.LIVRABLE.label:
        return None
    points = [(date.fromisoformat(c["le"]), Decimal(c["valeur"]), c["etat"] == "certifié") for c in lu["serie"]]
    return courbes.draw_courbe(
        points,
        paliers=[(Decimal(p["seuil"]), Decimal(p["montant"])) for p in lu["paliers"]],
        prevu=None if lu["prevu"] is None or lu["actes"] is None else Decimal(lu["prevu"]),
        on=min(today(), fin),
        fin=fin,
        unite=lu["unite"],
        titre=f"{lu['prochain'][:1].upper()}{lu['prochain'][1:]}" if lu["prochain"] else "Valeurs au fil du contrat",
    )
