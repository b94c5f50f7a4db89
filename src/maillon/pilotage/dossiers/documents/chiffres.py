"""Every figure that a table may ask for, with its code and its words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .mots import PARTS, share_euros


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A figure offered: its code, what it is in words, its value (text, number or date).

    `a_confirmer`: an amount that no text read establishes.
    """

    code: str
    libelle: str
    valeur: str | Decimal | date | None
    a_confirmer: bool = False


def list_chiffres(matiere: dict[str, Any]) -> list[Chiffre]:
    """Every figure that a table may ask for, in the order of the dossier."""
    return [*_chiffres_annee(matiere), *_chiffres_missions(matiere)]


def _chiffres_annee(matiere: dict[str, Any]) -> list[Chiffre]:
    chiffres = matiere["chiffres"]
    plafond = chiffres["plafond"]
    euros = share_euros(chiffres, close=matiere["close"])
    faits: list[tuple[str, str, str | Decimal | date | None]] = [
        ("communaute", "Nom de la communauté (CPTS)", matiere["communaute"]["nom"]),
        ("annee", "Année de contrat", Decimal(chiffres["annee"])),
        ("debut", "Début de l’année de contrat", date.fromisoformat(chiffres["debut"])),
        ("fin", "Fin de l’année, date anniversaire", date.fromisoformat(chiffres["fin"])),
        ("signe_le", "Date de signature du contrat", date.fromisoformat(chiffres["signe_le"])),
        ("taille", "Taille de la communauté", Decimal(chiffres["taille"])),
        ("population", "Population", None if chiffres["population"] is None else Decimal(chiffres["population"])),
        ("plafond", "Plafond de l’année, crise comprise", Decimal(plafond["total"]["euros"])),
        ("plafond_hors_crise", "Plafond de l’année hors crise", Decimal(plafond["hors_activation"]["euros"])),
        ("activation", "Activation si crise reconnue", Decimal(plafond["activation"]["euros"])),
        ("variable", "Part variable de l’année", Decimal(chiffres["variable"])),
    ]
    if chiffres["fonctionnement"]:
        faits.append(("fonctionnement", "Fonctionnement", Decimal(chiffres["fonctionnement"]["euros"])))
    faits += [(f"total_{cle}", f"{nom}, total de l’année", euros[cle]) for cle, nom in PARTS]
    empreinte = (matiere["arrete"] or {}).get("empreinte") or "provisoire, non arrêté"
    faits.append(("empreinte", "Empreinte SHA-256 de l’arrêté", empreinte))
    doutes = _list_doutes(chiffres)
    return [Chiffre(code, libelle, valeur, code in doutes) for code, libelle, valeur in faits]


def _list_doutes(chiffres: dict[str, Any]) -> set[str]:
    """Codes of the amounts of the year that no text read establishes, as its page marks them."""
    plafond, doutes = chiffres["plafond"], set()
    if plafond["total"]["a_confirmer"]:
        doutes |= {"plafond", "variable", *(f"total_{cle}" for cle, _ in PARTS)}
    if plafond["hors_activation"]["a_confirmer"]:
        doutes.add("plafond_hors_crise")
    if plafond["activation"]["a_confirmer"]:
        doutes.add("activation")
    if chiffres["fonctionnement"] and chiffres["fonctionnement"]["a_confirmer"]:
        doutes.add("fonctionnement")
    return doutes


def _chiffres_missions(matiere: dict[str, Any]) -> list[Chiffre]:
    lignes = []
    for mission in matiere["chiffres"]["missions"]:
        nom, code = mission["libelle"], mission["code"]
        euros = share_euros(mission, close=matiere["close"])
        for cle, mot in (("fixe", "part fixe"), ("variable", "part variable")):
            valeur = Decimal(mission[cle]["euros"]) if mission[cle] else None
            doute = bool(mission[cle] and mission[cle]["a_confirmer"])
            lignes.append(Chiffre(f"{code}_{cle}", f"{nom} : {mot}", valeur, doute))
        lignes += [Chiffre(f"{code}_{cle}", f"{nom} : {mot.lower()}", euros[cle]) for cle, mot in PARTS]
        for indicateur in mission["indicateurs"]:
            lignes += _chiffres_indicateur(indicateur)
    return lignes


def _chiffres_indicateur(indicateur: dict[str, Any]) -> list[Chiffre]:
    code, nom = indicateur["code"].replace("-", "_"), indicateur["libelle"]

    def valeur(cle: str) -> Decimal | None:
        return None if indicateur[cle] is None else Decimal(indicateur[cle])

    lignes = [
        Chiffre(f"{code}_reference", f"{nom} : valeur de référence", valeur("reference")),
        Chiffre(f"{code}_valeur", f"{nom} : valeur constatée", valeur("constate")),
        Chiffre(f"{code}_prevu", f"{nom} : valeur prévue", valeur("prevu")),
        Chiffre(f"{code}_certificateur", f"{nom} : certifié par", indicateur["certificateur"]),
    ]
    return lignes + [
        Chiffre(f"{code}_euros_{cle}", f"{nom} : euros, {mot.lower()}", Decimal(indicateur["montants"][cle]))
        for cle, mot in PARTS
    ]
