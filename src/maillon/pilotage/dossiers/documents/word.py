"""The activity report as an editable Word document: real headings, tables with heads, French, a title."""

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

ACTION = RGBColor(0x0B, 0x5C, 0x5A)
GRIS = RGBColor(0x55, 0x61, 0x5F)


def write_word(rapport: dict[str, Any], *, le: datetime) -> bytes:
    """The report of `activite.build_rapport`. The same content gives the same bytes: `le` dates it."""
    document = Document()
    _set_styles(document)
    _set_proprietes(document, rapport, le)
    _set_pied(document, rapport)
    document.add_heading(rapport["titre"], level=0)
    document.add_paragraph(rapport["communaute"], style="Subtitle")
    document.add_paragraph(f"{rapport['annee_sur']}, {rapport['periode']}.")
    sceau = document.add_paragraph(rapport["sceau"], style="Intense Quote")
    sceau.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for section in rapport["sections"]:
        document.add_heading(section["titre"], level=1)
        for bloc in section["blocs"]:
            _write_bloc(document, bloc)
    sortie = io.BytesIO()
    document.save(sortie)
    return _freeze_dates(sortie.getvalue(), le)


def _write_bloc(document: Any, bloc: dict[str, Any]) -> None:
    if bloc["genre"] == "texte":
        document.add_paragraph(bloc["texte"])
    elif bloc["genre"] == "invite":
        document.add_heading(bloc["titre"], level=2)
        invite = document.add_paragraph()
        mots = invite.add_run(f"[À rédiger : {bloc['texte'][0].lower()}{bloc['texte'][1:]}]")
        mots.italic = True
        mots.font.color.rgb = GRIS
        document.add_paragraph()
    else:
        document.add_heading(bloc["titre"], level=2)
        _write_table(document, bloc)


def _write_table(document: Any, bloc: dict[str, Any]) -> None:
    tableau = document.add_table(rows=1, cols=len(bloc["entetes"]))
    tableau.style = "Table Grid"
    tableau.alignment = WD_TABLE_ALIGNMENT.CENTER
    # Who does not see the table hears its title.
    proprietes = tableau._tbl.tblPr
    titre = OxmlElement("w:tblCaption")
    titre.set(qn("w:val"), bloc["titre"])
    proprietes.append(titre)
    taille = Pt(7.5 if bloc["serre"] else 9.5)
    for cellule, mot in zip(tableau.rows[0].cells, bloc["entetes"], strict=True):
        _fill(cellule, mot, taille, gras=True, fond="EEF3F2")
    repete = OxmlElement("w:tblHeader")
    repete.set(qn("w:val"), "true")
    tableau.rows[0]._tr.get_or_add_trPr().append(repete)
    for ligne in bloc["lignes"]:
        cellules = tableau.add_row().cells
        for cellule, mot, nombre in zip(cellules, ligne, bloc["nombres"], strict=True):
            _fill(cellule, mot, taille, droite=nombre)
    if bloc["serre"]:
        _set_largeurs(tableau, [46.0, *[8.6] * (len(bloc["entetes"]) - 1)])
    document.add_paragraph()


def _fill(cellule: Any, mot: str, taille: Pt, *, gras: bool = False, droite: bool = False, fond: str = "") -> None:
    paragraphe = cellule.paragraphs[0]
    paragraphe.paragraph_format.space_after = Pt(0)
    if droite:
        paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    morceau = paragraphe.add_run(mot)
    morceau.font.size, morceau.bold = taille, gras
    if fond:
        ombre = OxmlElement("w:shd")
        ombre.set(qn("w:val"), "clear")
        ombre.set(qn("w:fill"), fond)
        cellule._tc.get_or_add_tcPr().append(ombre)


def _set_largeurs(tableau: Any, largeurs: list[float]) -> None:
    tableau.autofit = False
    for ligne in tableau.rows:
        for cellule, largeur in zip(ligne.cells, largeurs, strict=True):
            cellule.width = Mm(largeur)


def _set_styles(document: Any) -> None:
    """French for spelling and screen readers, one sober typeface, our colour for headings."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(20)
    for langue in document.styles.element.iter(qn("w:lang")):
        langue.set(qn("w:val"), "fr-FR")
        langue.set(qn("w:eastAsia"), "fr-FR")
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(11)
    for nom in ("Title", "Subtitle", "Heading 1", "Heading 2", "Intense Quote"):
        styles[nom].font.color.rgb = ACTION
        polices = styles[nom].element.get_or_add_rPr().get_or_add_rFonts()
        for attribut in list(polices.attrib):
            del polices.attrib[attribut]
        for attribut in ("w:ascii", "w:hAnsi", "w:cs"):
            polices.set(qn(attribut), "Calibri")
    styles["Intense Quote"].font.italic = False


def _set_proprietes(document: Any, rapport: dict[str, Any], le: datetime) -> None:
    proprietes = document.core_properties
    proprietes.title = f"{rapport['titre']}, {rapport['communaute']}, {rapport['annee'].lower()}"
    proprietes.author = rapport["communaute"]
    proprietes.comments = rapport["sceau"]
    proprietes.language = "fr-FR"
    proprietes.created = proprietes.modified = le.replace(tzinfo=None)
    proprietes.last_modified_by = rapport["communaute"]


def _set_pied(document: Any, rapport: dict[str, Any]) -> None:
    """The seal and the page number on every page."""
    pied = document.sections[0].footer.paragraphs[0]
    mots = pied.add_run(f"{rapport['communaute']}, {rapport['annee'].lower()}. {rapport['sceau']}. Page ")
    numero = pied.add_run()
    for genre, texte in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if genre else "w:instrText")
        if genre:
            element.set(qn("w:fldCharType"), genre)
        else:
            element.text = texte
        numero._r.append(element)
    for morceau in (mots, numero):
        morceau.font.size, morceau.font.color.rgb = Pt(8), GRIS


def _freeze_dates(contenu: bytes, le: datetime) -> bytes:
    """The same document with one date in its archive: the clock leaves no trace in the bytes."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contenu)) as source, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as cible:
        for entree in source.infolist():
            copie = zipfile.ZipInfo(entree.filename, le.timetuple()[:6])
            copie.compress_type = zipfile.ZIP_DEFLATED
            cible.writestr(copie, source.read(entree))
    return sortie.getvalue()
