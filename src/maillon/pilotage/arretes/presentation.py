"""From the sealed JSON to the components that pages show."""

from decimal import Decimal
from itertools import groupby
from typing import Any

from maillon.pilotage.contrats.presentation import barre_of_json, say_valeur
from maillon.socle.ui.composants import Fait, Pastille, ProgressionAnnee
from maillon.socle.ui.typographie import compter, format_date, format_date_heure, format_euros

from .differences import Difference
from .models import Arrete

REMPLACE = Pastille("remplacé", "neutre")
DEFINITIF = Pastille("définitif", "bien", "lock")
INTERMEDIAIRE = Pastille("intermédiaire", "cours", "lock-open")


def find_pastille(arrete: Arrete, *, remplace: bool) -> Pastille:
    """Replaced, final or intermediate."""
    if remplace:
        return REMPLACE
    return DEFINITIF if arrete.definitif else INTERMEDIAIRE


def build_barres(chiffres: dict[str, Any], *, close: bool) -> list[ProgressionAnnee]:
    """One bar a mission that has a variable part."""
    return [
        barre_of_json(mission["libelle"], mission, cle=f"arrete-{mission['code']}", close=close)
        for mission in chiffres["missions"]
        if mission["variable"] and Decimal(mission["variable"]["euros"])
    ]


def build_faits(arrete: Arrete) -> list[Fait]:
    """What was sealed, when and why."""
    contenu = arrete.contenu
    actes = sum(len(lus) for lus in contenu["actes"].values())
    sans = sum(not acte["empreinte"] for lus in contenu["actes"].values() for acte in lus)
    return [
        Fait(
            "Période",
            f"du {format_date(arrete.debut, jour=False)} au {format_date(arrete.fin, jour=False)}",
            f"année {arrete.annee} sur {contenu['chiffres']['duree']}",
        ),
        Fait("Arrêtée", format_date_heure(arrete.arrete_le), arrete.motif),
        Fait(
            "Plafond de l’année, crise comprise",
            format_euros(Decimal(contenu["chiffres"]["plafond"]["total"]["euros"])),
        ),
        Fait(
            "Actes",
            compter(actes, "acte"),
            f"dont {compter(sans, 'sans justificatif', 'sans justificatif')}" if sans else "",
        ),
        Fait("Justificatifs joints", compter(len(contenu["preuves"]), "document")),
    ]


def build_missions(contenu: dict[str, Any]) -> list[dict[str, Any]]:
    """The indicators by mission, with values and euros fit to be read."""
    return [
        {
            **mission,
            "lignes": [
                {
                    "libelle": indicateur["libelle"],
                    "certificateur": indicateur["certificateur"],
                    "constate": _valeur(indicateur["constate"], indicateur["unite"]),
                    "prevu": _valeur(indicateur["prevu"], indicateur["unite"]),
                    "actes": len(contenu["actes"].get(indicateur["id"], [])),
                    "preuves": sum(preuve["indicateur"] == indicateur["id"] for preuve in contenu["preuves"]),
                    "euros": {nom: Decimal(montant) for nom, montant in indicateur["montants"].items()},
                }
                for indicateur in mission["indicateurs"]
            ],
        }
        for mission in contenu["chiffres"]["missions"]
    ]


def group_differences(differences: list[Difference]) -> list[tuple[str, list[str]]]:
    """The sentences by indicator, in the order of the contract."""
    return [
        (libelle, [difference.phrase for difference in siennes])
        for libelle, siennes in groupby(differences, key=lambda difference: difference.libelle)
    ]


def _valeur(valeur: str | None, unite: str) -> str:
    return say_valeur(None if valeur is None else Decimal(valeur), unite)
