"""The cost of each community as a workbook."""

import io

import xlsxwriter
from django.http import HttpResponse

from maillon.socle.horloge import today
from maillon.socle.ui.listes.exports import TYPES, neutralise

from .bareme import Comparaison


def export_communautes(comparaison: Comparaison) -> HttpResponse:
    """One row a community: euros of the year without crisis, today and under each scenario, and the difference."""
    sortie = io.BytesIO()
    with xlsxwriter.Workbook(sortie, {"in_memory": True}) as classeur:
        feuille = classeur.add_worksheet("Communautés")
        gras, euros = classeur.add_format({"bold": True}), classeur.add_format({"num_format": '#,##0.00 "€"'})
        entetes = ["Communauté", "Aujourd’hui"]
        for rang, _ in enumerate(comparaison.total.scenarios, start=1):
            entetes += [f"Scénario {rang}", f"Écart {rang}"]
        feuille.write_row(0, 0, [*entetes, "Changement"], gras)
        for ligne, lue in enumerate((*comparaison.communautes, comparaison.total), start=1):
            feuille.write_string(ligne, 0, neutralise(lue.libelle))
            valeurs = [lue.aujourd_hui, *(valeur for cellule in lue.cellules for valeur in cellule)]
            for colonne, valeur in enumerate(valeurs, start=1):
                feuille.write_number(ligne, colonne, float(valeur), euros)
            feuille.write_string(ligne, len(valeurs) + 1, lue.note)
        feuille.freeze_panes(1, 1)
        feuille.set_column(0, 0, 48)
        feuille.set_column(1, len(entetes), 16)
    reponse = HttpResponse(sortie.getvalue(), content_type=TYPES["xlsx"])
    reponse["Content-Disposition"] = f'attachment; filename="simulation-bareme-{today().isoformat()}.xlsx"'
    reponse["X-Content-Type-Options"] = "nosniff"
    return reponse
