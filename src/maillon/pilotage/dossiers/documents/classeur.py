"""The workbook of a pack: euros recompute by formulas from values and tiers, and open with our own figures."""

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from maillon.socle.ui.composants import A_CONFIRMER

from .classeur_cadre import (
    TITRES,
    Formats,
    Place,
    build_formats,
    place_indicateurs,
    row_of_close,
    set_page,
    write_formula,
    write_head,
    write_number,
    write_text,
)
from .classeur_detail import write_indicateurs, write_paliers
from .classeur_listes import write_actes, write_justificatifs, write_versements
from .mots import PARTS, say_sceau, share_euros
from .vue import build_vue

LIRE = (
    "Ce classeur se recalcule : changez une valeur ou un palier, et les euros de l’indicateur, de sa mission et de "
    "l’année suivent.",
    "Les cellules à fond clair sont faites pour être changées : valeur constatée et valeur prévue (feuille "
    "Indicateurs), seuil et montant (feuille Paliers), année close (feuille Synthèse).",
    "Les paliers d’un indicateur ne s’additionnent pas : le plus haut atteint paie seul.",
    "Constaté : certifié par celui que le contrat nomme. À confirmer : prévu d’après les actes et les déclarations. "
    "Encore possible : jusqu’au palier le plus haut. Perdu : non atteint, une fois l’année close.",
    "La colonne « Établi par Maillon » garde le chiffre du dossier : l’écart dit ce que vos changements y font.",
    "« à confirmer » à côté d’un montant : aucun texte publié ne l’établit encore.",
    "Les actes portent une référence qui ne dit rien de la personne. Le jour n’est pas donné quand figurer dans la "
    "liste en dirait trop.",
)


def write_classeur(matiere: dict[str, Any], *, le: datetime) -> bytes:
    """One sheet a subject, the first one explains. The same matter gives the same bytes."""
    sortie = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        classeur.set_properties(
            {
                "title": f"Indicateurs, {matiere['communaute']['nom']}, année {matiere['chiffres']['annee']}",
                "author": matiere["communaute"]["nom"],
                "comments": say_sceau(matiere),
                "created": le.replace(tzinfo=None),
            }
        )
        classeur.set_calc_mode("auto")
        formats = build_formats(classeur)
        feuilles = {
            nom: classeur.add_worksheet(nom)
            for nom in ("Lire", "Synthèse", "Indicateurs", "Paliers", "Actes", "Justificatifs", "Versements")
        }
        places = place_indicateurs(matiere)
        _write_lire(feuilles["Lire"], matiere, formats)
        _write_synthese(feuilles["Synthèse"], matiere, places, formats)
        write_indicateurs(feuilles["Indicateurs"], matiere, places, formats)
        write_paliers(feuilles["Paliers"], matiere, places, formats)
        write_actes(feuilles["Actes"], matiere, formats)
        write_justificatifs(feuilles["Justificatifs"], matiere, formats)
        write_versements(feuilles["Versements"], matiere, formats)
        for feuille in feuilles.values():
            set_page(feuille, matiere)
    return sortie.getvalue()


def _write_lire(feuille: Worksheet, matiere: dict[str, Any], f: Formats) -> None:
    vue = build_vue(matiere)
    feuille.set_column(0, 0, 110)
    write_text(feuille, 0, 0, f"Indicateurs et euros, {vue['communaute']}", f.titre)
    write_text(feuille, 1, 0, f"{vue['annee_sur']}, {vue['periode']}. {vue['sceau']}", f.discret)
    for rang, phrase in enumerate((*vue["phrases"], "", *LIRE)):
        write_text(feuille, TITRES + rang, 0, phrase, f.texte)


def _write_synthese(feuille: Worksheet, matiere: dict[str, Any], places: dict[str, Place], f: Formats) -> None:
    colonnes = [("Mission", 38), ("Part fixe due", 15), ("Enveloppe variable", 17), ("Constaté", 14)]
    colonnes += [("À confirmer", 14), ("Encore possible", 15), ("Perdu", 14), ("Part variable", 15)]
    colonnes += [("Établi par Maillon : constaté + à confirmer", 20), ("Écart", 14), ("Certitude", 14)]
    write_head(feuille, "Synthèse de l’année", matiere, colonnes, f)
    close, missions = matiere["close"], matiere["chiffres"]["missions"]
    y = TITRES + 1
    for mission in missions:
        _write_mission(feuille, y, mission, places, f, close=close, cle=f"$B${row_of_close(matiere)}")
        y += 1
    _write_total(feuille, y, matiere, f, premiere=TITRES + 2)
    y += 2
    write_text(feuille, y, 0, "Année close (oui ou non)", f.texte)
    feuille.write_string(y, 1, "oui" if close else "non", f.saisie)
    feuille.data_validation(y, 1, y, 1, {"validate": "list", "source": ["oui", "non"]})
    y += 2
    plafond = matiere["chiffres"]["plafond"]
    for libelle, cle in (
        ("Plafond de l’année, hors crise", "hors_activation"),
        ("Si l’ARS reconnaît une crise", "activation"),
        ("Plafond de l’année, crise comprise", "total"),
    ):
        write_text(feuille, y, 0, libelle, f.texte)
        write_number(feuille, y, 1, plafond[cle]["euros"], f.euros)
        write_text(feuille, y, 2, A_CONFIRMER if plafond[cle]["a_confirmer"] else "", f.discret)
        y += 1


def _write_mission(
    feuille: Worksheet, y: int, mission: dict[str, Any], places: dict[str, Place], f: Formats, *, close: bool, cle: str
) -> None:
    euros = share_euros(mission, close=close)
    rangs = [places[i["id"]].indicateur for i in mission["indicateurs"]]
    plage = f"{min(rangs)}:{{0}}{max(rangs)}" if rangs else ""
    sommes = [f"SUM(Indicateurs!{c}{plage.format(c)})" if plage else "0" for c in "JKLMN"]
    # What the envelope holds beyond its indicators is still to be won, then lost.
    libre = f"MAX(0,C{y + 1}-{sommes[4]})"
    write_text(feuille, y, 0, mission["libelle"], f.texte)
    for x, nom in ((1, "fixe"), (2, "variable")):
        write_number(feuille, y, x, mission[nom]["euros"] if mission[nom] else None, f.euros)
    formules = (
        sommes[0],
        sommes[1],
        f'{sommes[2]}+IF({cle}="oui",0,{libre})',
        f'{sommes[3]}+IF({cle}="oui",{libre},0)',
    )
    for x, (formule, (nom, _)) in enumerate(zip(formules, PARTS, strict=True), start=3):
        write_formula(feuille, y, x, f"={formule}", f.euros, euros[nom])
    write_formula(feuille, y, 7, f"=SUM(D{y + 1}:G{y + 1})", f.euros, sum(euros.values(), Decimal(0)))
    etabli = euros["constate"] + euros["a_confirmer"]
    feuille.write_number(y, 8, float(etabli), f.euros)
    write_formula(feuille, y, 9, f"=D{y + 1}+E{y + 1}-I{y + 1}", f.euros, Decimal(0))
    doute = any(mission[nom] and mission[nom]["a_confirmer"] for nom in ("fixe", "variable", "activation"))
    write_text(feuille, y, 10, A_CONFIRMER if doute else "", f.discret)


def _write_total(feuille: Worksheet, y: int, matiere: dict[str, Any], f: Formats, *, premiere: int) -> None:
    chiffres = matiere["chiffres"]
    euros = share_euros(chiffres, close=matiere["close"])
    fixes = sum((Decimal(m["fixe"]["euros"]) for m in chiffres["missions"] if m["fixe"]), Decimal(0))
    enveloppes = sum((Decimal(m["variable"]["euros"]) for m in chiffres["missions"] if m["variable"]), Decimal(0))
    prevu = euros["constate"] + euros["a_confirmer"]
    valeurs = [fixes, enveloppes, *euros.values(), sum(euros.values(), Decimal(0)), prevu, Decimal(0)]
    write_text(feuille, y, 0, "Ensemble", f.total_texte)
    for x, valeur in enumerate(valeurs, start=1):
        colonne = "ABCDEFGHIJ"[x]
        write_formula(feuille, y, x, f"=SUM({colonne}{premiere}:{colonne}{y})", f.total, valeur)
