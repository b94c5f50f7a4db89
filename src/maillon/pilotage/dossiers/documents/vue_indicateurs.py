"""An indicator as people read it: its tiers with their state, its drawing, its acts and evidence."""

from collections import Counter
from decimal import Decimal
from typing import Any

from maillon.pilotage.contrats.enums import GenrePreuve
from maillon.pilotage.contrats.presentation import say_condition, say_valeur
from maillon.socle.ui.typographie import MOIS, format_euros

from .gardes import why_kept
from .mots import PARTS, say_court


def say_nombre_valeur(valeur: str | None, unite: str) -> str:
    return say_valeur(None if valeur is None else Decimal(valeur), unite)


def build_indicateur(
    indicateur: dict[str, Any], actes: list[dict[str, Any]], preuves: list[dict[str, Any]]
) -> dict[str, Any]:
    unite, sens = indicateur["unite"], indicateur["sens"]
    constate, prevu = indicateur["constate"], indicateur["prevu"]
    paliers = [
        {
            "condition": say_condition(Decimal(palier["seuil"]), sens, unite),
            "libelle": palier["libelle"],
            "montant": format_euros(Decimal(palier["montant"])),
            "etat": etat,
        }
        for palier, etat in zip(indicateur["paliers"], _say_paliers(indicateur), strict=True)
    ]
    return {
        "code": indicateur["code"],
        "libelle": indicateur["libelle"],
        "definition": indicateur["definition"],
        "nature": indicateur["nature"],
        "unite": unite,
        "reference": say_nombre_valeur(indicateur["reference"], unite),
        "constate": say_nombre_valeur(constate, unite),
        "constate_court": say_nombre_valeur(constate, "%" if unite == "%" else ""),
        "prevu_court": say_nombre_valeur(prevu, "%" if unite == "%" else ""),
        "constate_le": say_court(indicateur["constate_le"]),
        "certificateur": indicateur["certificateur"],
        "certifie_par": indicateur["certifie_par"],
        "prevu": say_nombre_valeur(prevu, unite),
        "methode": indicateur["methode"],
        "prochain": indicateur["prochain"],
        "source": indicateur["source"],
        "preuve_demandee": indicateur["preuve_demandee"],
        "paliers": paliers,
        "euros": {cle: format_euros(Decimal(indicateur["montants"][cle])) for cle, _ in PARTS},
        "maximum": format_euros(sum((Decimal(m) for m in indicateur["montants"].values()), Decimal(0))),
        "echelle": build_echelle(indicateur),
        "mois": count_by_mois(actes),
        "actes": len(actes),
        "actes_comptes": sum(1 for acte in actes if acte["compte"]),
        "actes_prouves": sum(1 for acte in actes if acte["empreinte"]),
        # Documents of single acts are counted here, and listed with the acts.
        "preuves": [preuve for preuve in preuves if preuve["pour"] != "acte"],
        "preuves_actes": sum(1 for preuve in preuves if preuve["pour"] == "acte"),
    }


def _say_paliers(indicateur: dict[str, Any]) -> list[str]:
    """The state of each tier: the best one reached pays, those before it are passed."""
    constate, prevu = (_rank(indicateur, cle) for cle in ("constate", "prevu"))
    etats = []
    for rang in range(len(indicateur["paliers"])):
        if rang in (constate, prevu):
            etats.append("constaté" if rang == constate else "dépassé" if rang < constate else "prévu, à confirmer")
        else:
            etats.append("dépassé" if rang < max(constate, prevu) else "")
    return etats


def _rank(indicateur: dict[str, Any], cle: str) -> int:
    """Rank of the hardest tier that a value reaches; -1 for none. Tiers come from the easiest to the hardest."""
    atteints = [
        rang
        for rang, palier in enumerate(indicateur["paliers"])
        if reaches(indicateur[cle], palier["seuil"], indicateur["sens"])
    ]
    return max(atteints, default=-1)


def reaches(valeur: str | None, seuil: str, sens: str) -> bool:
    if valeur is None:
        return False
    return Decimal(valeur) <= Decimal(seuil) if sens == "baisse" else Decimal(valeur) >= Decimal(seuil)


def build_echelle(indicateur: dict[str, Any]) -> dict[str, Any] | None:
    """The road from the reference to the hardest tier, as shares of a line: what the drawing of an indicator shows.

    The drawing goes from left, the start, to right, the hardest tier, whichever way the indicator moves.
    """
    seuils = [Decimal(p["seuil"]) for p in indicateur["paliers"]]
    valeurs = {cle: Decimal(indicateur[cle]) for cle in ("constate", "prevu", "reference") if indicateur[cle]}
    if not seuils:
        return None
    depart = valeurs.get("reference", Decimal(0) if indicateur["sens"] == "hausse" else seuils[0])
    toutes = [*seuils, depart, *valeurs.values()]
    bas, haut = min(toutes), max(toutes)
    if bas == haut:
        return None

    def place(valeur: Decimal) -> float:
        part = (valeur - bas) / (haut - bas)
        return round(float(1 - part if indicateur["sens"] == "baisse" else part), 4)

    unite = "%" if indicateur["unite"] == "%" else ""
    paliers = [
        {
            "x": place(Decimal(p["seuil"])),
            "seuil": say_valeur(Decimal(p["seuil"]), unite),
            "euros": format_euros(Decimal(p["montant"])),
        }
        for p in indicateur["paliers"]
    ]
    mots = [f"palier {p['seuil']} pour {p['euros']}" for p in paliers]
    constate, prevu = valeurs.get("constate"), valeurs.get("prevu")
    if constate is not None:
        mots.append(f"constaté {say_valeur(constate, unite)}")
    if prevu is not None:
        mots.append(f"prévu {say_valeur(prevu, unite)}, à confirmer")
    return {
        "paliers": paliers,
        "constate": None if constate is None else {"x": place(constate), "texte": say_valeur(constate, unite)},
        "prevu": None if prevu is None else {"x": place(prevu), "texte": say_valeur(prevu, unite)},
        "alt": f"{indicateur['libelle']} : {', '.join(mots)}.",
    }


def count_by_mois(actes: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """Acts by month of the year, in order; « novembre 2026 »."""
    comptes = Counter(acte["le"][:7] for acte in actes)
    return [(f"{MOIS[int(cle[5:]) - 1]} {cle[:4]}", comptes[cle]) for cle in sorted(comptes)]


def build_preuve(preuve: dict[str, Any]) -> dict[str, Any]:
    """A document as listed. `garde` says why it stays in the community; empty, it goes to CPAM and ARS."""
    return {
        "indicateur": preuve["indicateur"],
        "pour": preuve["pour"],
        "libelle": preuve["libelle"],
        "genre": GenrePreuve(preuve["genre"]).label,
        "le": say_court(preuve["le"]),
        "empreinte": preuve["empreinte"],
        "garde": why_kept(preuve),
        "version": preuve["version"],
    }
