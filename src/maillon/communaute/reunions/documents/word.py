"""The minutes as an editable Word document: real headings, a table with its head, French, a title."""

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

ACTION = RGBColor(0x0B, 0x5C, 0x5A)


def write_word(vue: dict[str, Any], *, le: datetime) -> bytes:
    """The minutes of `matiere.build_compte_rendu`. The same matter and date give the same bytes."""
    document = Document()
    _set_styles(document)
    proprietes = document.core_properties
    proprietes.title = f"Compte rendu, {vue['titre']}, {vue['quand']}"
    proprietes.author = proprietes.last_modified_by = vue["communaute"]
    proprietes.language = "fr-FR"
    proprietes.created = proprietes.modified = le.replace(tzinfo=None)
    document.add_heading("Compte rendu", level=0)
    document.add_paragraph(vue["titre"], style="Subtitle")
    document.add_paragraph(f"{vue['communaute']}. {vue['type']}, {vue['quand']}. {vue['lieu']}".rstrip(". ") + ".")
    document.add_paragraph(f"{vue['etat']}. {vue['signatures']}".strip())
    for texte in vue["introduction"]:
        document.add_paragraph(texte)
    _write_presences(document, vue)
    _write_liste(document, "Suites des réunions précédentes", vue["suites"])
    for point in vue["points"]:
        document.add_heading(f"{point['rang']}. {point['titre']}", level=1)
        for texte in point["texte"]:
            document.add_paragraph(texte)
        _write_votes(document, point["votes"], point["decisions"])
    if vue["autres_votes"] or vue["autres_decisions"]:
        document.add_heading("Votes et décisions", level=1)
        _write_votes(document, vue["autres_votes"], vue["autres_decisions"])
    _write_taches(document, vue["taches"])
    sortie = io.BytesIO()
    document.save(sortie)
    return _freeze_dates(sortie.getvalue(), le)


def _write_presences(document: Any, vue: dict[str, Any]) -> None:
    document.add_heading("Présences", level=1)
    for groupe in vue["presences"]:
        paragraphe = document.add_paragraph()
        paragraphe.add_run(f"{groupe['libelle']} ({groupe['nombre']}) : ").bold = True
        paragraphe.add_run(groupe["noms"])
    if vue["quorum"]:
        document.add_paragraph(vue["quorum"])


def _write_liste(document: Any, titre: str, lignes: list[str]) -> None:
    if lignes:
        document.add_heading(titre, level=1)
    for ligne in lignes:
        document.add_paragraph(ligne, style="List Bullet")


def _write_votes(document: Any, votes: list[dict[str, str]], decisions: list[str]) -> None:
    for vote in votes:
        paragraphe = document.add_paragraph()
        paragraphe.add_run(f"{vote['titre']}. ").bold = True
        paragraphe.add_run(vote["resultat"])
    for texte in decisions:
        paragraphe = document.add_paragraph()
        paragraphe.add_run("Décision. ").bold = True
        paragraphe.add_run(texte)


def _write_taches(document: Any, taches: list[dict[str, str]]) -> None:
    if not taches:
        return
    document.add_heading("Qui fait quoi", level=1)
    tableau = document.add_table(rows=1, cols=3)
    tableau.style = "Table Grid"
    titre = OxmlElement("w:tblCaption")
    titre.set(qn("w:val"), "Qui fait quoi")
    tableau._tbl.tblPr.append(titre)
    for cellule, mot in zip(tableau.rows[0].cells, ("À faire", "Qui", "Avant le"), strict=True):
        cellule.paragraphs[0].add_run(mot).bold = True
    repete = OxmlElement("w:tblHeader")
    repete.set(qn("w:val"), "true")
    tableau.rows[0]._tr.get_or_add_trPr().append(repete)
    for tache in taches:
        for cellule, mot in zip(tableau.add_row().cells, (tache["libelle"], tache["qui"], tache["avant"]), strict=True):
            cellule.text = mot


def _set_styles(document: Any) -> None:
    """French for spelling and screen readers, one sober typeface, our colour for headings."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(20)
    for langue in document.styles.element.iter(qn("w:lang")):
        langue.set(qn("w:val"), "fr-FR")
        langue.set(qn("w:eastAsia"), "fr-FR")
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
    for nom in ("Title", "Subtitle", "Heading 1"):
        styles[nom].font.color.rgb = ACTION
        polices = styles[nom].element.get_or_add_rPr().get_or_add_rFonts()
        for attribut in list(polices.attrib):
            del polices.attrib[attribut]
        for attribut in ("w:ascii", "w:hAnsi", "w:cs"):
            polices.set(qn(attribut), "Calibri")


def _freeze_dates(contenu: bytes, le: datetime) -> bytes:
    """The same document with one date in its archive: the clock leaves no trace in the bytes."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contenu)) as source, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as cible:
        for entree in source.infolist():
            copie = zipfile.ZipInfo(entree.filename, le.timetuple()[:6])
            copie.compress_type = zipfile.ZIP_DEFLATED
            cible.writestr(copie, source.read(entree))
    return sortie.getvalue()
