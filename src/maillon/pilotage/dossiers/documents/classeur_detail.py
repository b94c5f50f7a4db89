"""Sheets Indicateurs and Paliers: the euros of each indicator, computed by formulas."""

from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from .classeur_cadre import (
    BAISSE,
    HAUSSE,
    Formats,
    Place,
    list_indicateurs,
    row_of_close,
    write_date,
    write_formula,
    write_head,
    write_number,
    write_text,
)
from .mots import PARTS
from .vue_indicateurs import reaches

COLONNES_INDICATEURS = [
    *(("Indicateur", 46), ("Mission", 24), ("Code", 18), ("Sens", 12), ("Unité", 20), ("Référence", 12)),
    *(("Valeur constatée", 12), ("Valeur prévue", 12), ("Meilleure valeur", 12), ("Constaté", 13)),
    *(("À confirmer", 13), ("Encore possible", 13), ("Perdu", 13), ("Maximum", 13)),
    *(("Établi par Maillon : constaté + à confirmer", 18), ("Écart", 13), ("Certifié par", 26), ("Certifié au", 12)),
    *(("Méthode de la prévision", 60), ("Actes comptés", 10), ("Justificatif demandé", 26), ("Source", 26)),
]


def write_indicateurs(feuille: Worksheet, matiere: dict[str, Any], places: dict[str, Place], f: Formats) -> None:
    write_head(feuille, "Indicateurs", matiere, COLONNES_INDICATEURS, f)
    close = f"Synthèse!$B${row_of_close(matiere)}"
    for mission, indicateur in list_indicateurs(matiere):
        place = places[indicateur["id"]]
        y, n = place.indicateur - 1, place.indicateur
        textes = (indicateur["libelle"], mission["libelle"], indicateur["code"])
        for x, texte in enumerate((*textes, _sens(indicateur), indicateur["unite"])):
            write_text(feuille, y, x, texte, f.texte)
        write_number(feuille, y, 5, indicateur["reference"], f.nombre)
        write_number(feuille, y, 6, indicateur["constate"], f.saisie)
        write_number(feuille, y, 7, indicateur["prevu"], f.saisie)
        meilleure = f'IF(COUNT(G{n}:H{n})=0,"",IF(D{n}="{BAISSE}",MIN(G{n}:H{n}),MAX(G{n}:H{n})))'
        write_formula(feuille, y, 8, f"={meilleure}", f.nombre, find_meilleure(indicateur))
        _write_euros(feuille, y, indicateur, place, f, close=close)
        write_text(feuille, y, 16, indicateur["certifie_par"] or indicateur["certificateur"], f.texte)
        write_date(feuille, y, 17, indicateur["constate_le"], f.date)
        write_text(feuille, y, 18, indicateur["methode"], f.texte)
        write_number(feuille, y, 19, None if indicateur["actes"] is None else str(indicateur["actes"]), f.nombre)
        write_text(feuille, y, 20, indicateur["preuve_demandee"], f.texte)
        write_text(feuille, y, 21, indicateur["source"], f.texte)


def _write_euros(
    feuille: Worksheet, y: int, indicateur: dict[str, Any], place: Place, f: Formats, *, close: str
) -> None:
    n, montants = place.indicateur, {nom: Decimal(indicateur["montants"][nom]) for nom, _ in PARTS}

    def best(colonne: str) -> str:
        return f"MAX(Paliers!{colonne}{place.premier}:{colonne}{place.dernier})" if indicateur["paliers"] else "0"

    reste = f"N{n}-J{n}-K{n}"
    for x, formule, nom in (
        (9, best("H"), "constate"),
        (10, f"{best('I')}-J{n}", "a_confirmer"),
        (11, f'IF({close}="oui",0,{reste})', "encore_possible"),
        (12, f'IF({close}="oui",{reste},0)', "perdu"),
    ):
        write_formula(feuille, y, x, f"={formule}", f.euros, montants[nom])
    write_formula(feuille, y, 13, f"={best('E')}", f.euros, sum(montants.values(), Decimal(0)))
    feuille.write_number(y, 14, float(montants["constate"] + montants["a_confirmer"]), f.euros)
    write_formula(feuille, y, 15, f"=J{n}+K{n}-O{n}", f.euros, Decimal(0))


def _sens(indicateur: dict[str, Any]) -> str:
    return BAISSE if indicateur["sens"] == "baisse" else HAUSSE


def find_meilleure(indicateur: dict[str, Any]) -> Decimal | str:
    """The better of the two values; empty when none is known."""
    connues = [Decimal(indicateur[cle]) for cle in ("constate", "prevu") if indicateur[cle] is not None]
    if not connues:
        return ""
    return min(connues) if indicateur["sens"] == "baisse" else max(connues)


def write_paliers(feuille: Worksheet, matiere: dict[str, Any], places: dict[str, Place], f: Formats) -> None:
    colonnes = [("Indicateur", 46), ("Code", 18), ("Sens", 12), ("Seuil", 12), ("Montant", 14), ("Libellé", 18)]
    colonnes += [("Atteint par", 20), ("Payé : constaté", 15), ("Payé : constaté ou prévu", 15)]
    write_head(feuille, "Paliers", matiere, colonnes, f)
    for _, indicateur in list_indicateurs(matiere):
        place = places[indicateur["id"]]
        meilleure = find_meilleure(indicateur)
        for rang, palier in enumerate(indicateur["paliers"]):
            n = place.premier + rang
            y = n - 1
            textes = (indicateur["libelle"], indicateur["code"], _sens(indicateur))
            for x, texte in enumerate(textes):
                write_text(feuille, y, x, texte, f.texte)
            write_number(feuille, y, 3, palier["seuil"], f.saisie)
            write_number(feuille, y, 4, palier["montant"], f.saisie_euros)
            write_text(feuille, y, 5, palier["libelle"], f.texte)
            constate = reaches(indicateur["constate"], palier["seuil"], indicateur["sens"])
            prevu = bool(meilleure != "") and reaches(str(meilleure), palier["seuil"], indicateur["sens"])
            mot = "constaté" if constate else "prévu" if prevu else ""
            write_formula(feuille, y, 6, f'=IF(H{n}>0,"constaté",IF(I{n}>0,"prévu",""))', f.texte, mot)
            for x, colonne, atteint in ((7, "G", constate), (8, "I", prevu)):
                valeur = f"Indicateurs!{colonne}{place.indicateur}"
                formule = f'=IF({valeur}="",0,IF(C{n}="{BAISSE}",IF({valeur}<=D{n},E{n},0),IF({valeur}>=D{n},E{n},0)))'
                write_formula(feuille, y, x, formule, f.euros, Decimal(palier["montant"]) if atteint else Decimal(0))
