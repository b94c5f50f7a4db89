"""The schedule as a file: what the screen shows, one row a payment, safe to open in a spreadsheet."""

import csv
import io

import xlsxwriter

from maillon.socle.ui.listes.exports import neutralise

from .echeances import EcheancierContrat

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENTETES = ("Sens", "Date", "Année de contrat", "Poste", "Nature", "Montant", "Certitude", "Règle ou libellé")
LARGEURS = (9, 12, 16, 32, 24, 14, 22, 80)


def build_rows(suivi: EcheancierContrat) -> list[tuple[object, ...]]:
    """Expected payments, then those received."""
    rows: list[tuple[object, ...]] = []
    for v in suivi.echeancier.versements:
        certitude = "sûr" if v.certain else "au plus, selon les résultats"
        if v.statut.a_confirmer:
            certitude += ", à confirmer"
        rows.append(("attendu", v.date, v.annee_contrat, v.libelle, v.nature.libelle, v.valeur, certitude, v.regle))
    for r in suivi.recus:
        rows.append(
            ("reçu", r.le, r.annee, r.poste or "ensemble", r.get_nature_display(), r.montant, "", neutralise(r.libelle))
        )
    return rows


def write_export(suivi: EcheancierContrat, forme: str) -> bytes:
    """The rows as CSV (semicolons, decimal comma) or XLSX (typed cells)."""
    return _write_csv(suivi) if forme == "csv" else _write_xlsx(suivi)


def _write_csv(suivi: EcheancierContrat) -> bytes:
    sortie = io.StringIO()
    plume = csv.writer(sortie, delimiter=";")
    plume.writerow(ENTETES)
    for sens, jour, annee, poste, nature, montant, certitude, regle in build_rows(suivi):
        plume.writerow([sens, str(jour or ""), annee, poste, nature, str(montant).replace(".", ","), certitude, regle])
    return sortie.getvalue().encode("utf-8-sig")


def _write_xlsx(suivi: EcheancierContrat) -> bytes:
    sortie = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        feuille = classeur.add_worksheet("Versements")
        gras = classeur.add_format({"bold": True, "bottom": 1})
        euros = classeur.add_format({"num_format": '#,##0.00 "€"'})
        jours = classeur.add_format({"num_format": "dd/mm/yyyy"})
        for x, (entete, largeur) in enumerate(zip(ENTETES, LARGEURS, strict=True)):
            feuille.write_string(0, x, entete, gras)
            feuille.set_column(x, x, largeur)
        rows = build_rows(suivi)
        for y, row in enumerate(rows, start=1):
            for x, valeur in enumerate(row):
                if x == 1 and valeur is not None:
                    feuille.write_datetime(y, x, valeur, jours)
                elif x == 5:
                    feuille.write_number(y, x, float(str(valeur)), euros)
                elif x == 2:
                    feuille.write_number(y, x, int(str(valeur)))
                else:
                    feuille.write_string(y, x, str(valeur or ""))
        feuille.freeze_panes(1, 0)
        feuille.autofilter(0, 0, len(rows), len(ENTETES) - 1)
    return sortie.getvalue()
