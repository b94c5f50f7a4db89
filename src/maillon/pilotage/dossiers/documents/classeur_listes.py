"""Sheets Actes, Justificatifs and Versements."""

from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet

from maillon.pilotage.contrats.enums import GenrePreuve
from maillon.socle.ui.composants import A_CONFIRMER

from .classeur_cadre import (
    TITRES,
    Formats,
    list_indicateurs,
    write_date,
    write_formula,
    write_head,
    write_number,
    write_text,
)
from .gardes import why_kept


def write_actes(feuille: Worksheet, matiere: dict[str, Any], f: Formats) -> None:
    colonnes = [("Référence", 20), ("Indicateur", 46), ("Code", 18), ("Date", 12), ("Nature", 36), ("État", 18)]
    colonnes += [("Compté dans la prévision", 12), ("Justificatif", 30), ("Empreinte pour cet indicateur", 66)]
    write_head(feuille, "Actes", matiere, colonnes, f)
    y = TITRES + 1
    for _, indicateur in list_indicateurs(matiere):
        for acte in matiere["actes"].get(indicateur["id"], ()):
            for x, texte in enumerate((acte["reference"], indicateur["libelle"], indicateur["code"])):
                write_text(feuille, y, x, texte, f.texte)
            if indicateur["id"] not in matiere["discrets"]:
                write_date(feuille, y, 3, acte["le"], f.date)
            suite = (acte["nature"], acte["etat"], "oui" if acte["compte"] else "non", acte["preuve"])
            for x, texte in enumerate((*suite, acte["empreinte"]), start=4):
                write_text(feuille, y, x, texte, f.texte)
            y += 1
    if y > TITRES + 1:
        feuille.autofilter(TITRES, 0, y - 1, len(colonnes) - 1)


def write_justificatifs(feuille: Worksheet, matiere: dict[str, Any], f: Formats) -> None:
    colonnes = [("Indicateur", 46), ("Code", 18), ("Date", 12), ("Document", 46), ("Genre", 24), ("Acte", 20)]
    colonnes += [("Version", 9), ("Empreinte SHA-256", 66), ("Remis à la CPAM et à l’ARS", 44)]
    write_head(feuille, "Justificatifs", matiere, colonnes, f)
    indicateurs = {i["id"]: i for _, i in list_indicateurs(matiere)}
    for y, preuve in enumerate(matiere["preuves"], start=TITRES + 1):
        indicateur = indicateurs[preuve["indicateur"]]
        write_text(feuille, y, 0, indicateur["libelle"], f.texte)
        write_text(feuille, y, 1, indicateur["code"], f.texte)
        write_date(feuille, y, 2, preuve["le"], f.date)
        for x, texte in enumerate((preuve["libelle"], GenrePreuve(preuve["genre"]).label, preuve["acte"]), start=3):
            write_text(feuille, y, x, texte, f.texte)
        write_number(feuille, y, 6, str(preuve["version"]), f.nombre)
        write_text(feuille, y, 7, preuve["empreinte"], f.texte)
        garde = why_kept(preuve)
        write_text(feuille, y, 8, f"non : {garde}" if garde else "oui", f.texte)


def write_versements(feuille: Worksheet, matiere: dict[str, Any], f: Formats) -> None:
    colonnes = [("Date", 12), ("Année de contrat", 10), ("Poste", 38), ("Nature", 26), ("Prévu", 16)]
    colonnes += [("Reçu", 16), ("Certitude", 14)]
    write_head(feuille, "Versements", matiere, colonnes, f)
    y = TITRES + 1
    for versement in matiere["versements"]["echeancier"]:
        write_date(feuille, y, 0, versement["le"], f.date)
        feuille.write_number(y, 1, versement["annee"])
        write_text(feuille, y, 2, versement["libelle"], f.texte)
        write_text(feuille, y, 3, versement["nature"], f.texte)
        write_number(feuille, y, 4, versement["euros"], f.euros)
        write_text(feuille, y, 6, A_CONFIRMER if versement["a_confirmer"] else "", f.discret)
        y += 1
    for recu in matiere["versements"]["recus"]:
        write_date(feuille, y, 0, recu["le"], f.date)
        feuille.write_number(y, 1, recu["annee"])
        write_text(feuille, y, 2, recu["libelle"], f.texte)
        write_text(feuille, y, 3, recu["nature"], f.texte)
        write_number(feuille, y, 5, recu["euros"], f.euros)
        y += 1
    write_text(feuille, y, 0, "Ensemble", f.total_texte)
    for x, nom in ((4, "echeancier"), (5, "recus")):
        total = sum((Decimal(v["euros"]) for v in matiere["versements"][nom]), Decimal(0))
        colonne = "ABCDEF"[x]
        fin = max(y, TITRES + 2)
        write_formula(
            feuille, y, x, f"=SUM({colonne}{TITRES + 2}:{colonne}{fin})" if y > TITRES + 1 else "=0", f.total, total
        )
