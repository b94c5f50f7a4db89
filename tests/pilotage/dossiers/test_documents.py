"""Screen = export = pack: the same figures on the page, in the PDF, the workbook, the Word document and the JSON."""

import html
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from fabriques.dossiers import build_dossier
from fabriques.droits import enter, make_membre
from fabriques.pilotage import DonneesContratFabrique, DonneesIndicateurFabrique, palier
from maillon.pilotage.arretes.contenu import build_contenu
from maillon.pilotage.arretes.services import freeze_periode
from maillon.pilotage.contrats.donnees import DonneesMission
from maillon.pilotage.contrats.enums import EtatContrat, StatutMission
from maillon.pilotage.contrats.selectors import get_contrat
from maillon.pilotage.contrats.services import create_contrat
from maillon.pilotage.dossiers.documents.activite import build_rapport, list_mois
from maillon.pilotage.dossiers.documents.classeur import write_classeur
from maillon.pilotage.dossiers.documents.mots import PARTS, share_euros
from maillon.pilotage.dossiers.documents.pdf import write_pdf
from maillon.pilotage.dossiers.documents.vue import build_vue
from maillon.pilotage.dossiers.documents.word import write_word
from maillon.pilotage.dossiers.enums import GenrePiece
from maillon.pilotage.dossiers.matiere import assemble
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.fichiers.services import read_fichier
from maillon.socle.horloge import now, today
from maillon.socle.ui.typographie import format_euros, format_nombre

from .tableur import Tableur

LE = datetime(2026, 11, 24, 12, tzinfo=UTC)


def matter_of(contrat, annee: int) -> dict:
    contenu = build_contenu(contrat, annee, on=today())
    return assemble(contrat=contrat, contenu=contenu, etabli_le=now(), arrete=None)


def plain(texte: str) -> str:
    """Spaces made plain, hyphens of line ends removed."""
    return re.sub(r"\s+", " ", re.sub(r"[\u00a0\u202f\u2007]", " ", texte))


def show_html(texte: str) -> str:
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", texte))).strip()


def read_pdf(contenu: bytes) -> str:
    return plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(contenu)).pages))


def read_word(contenu: bytes) -> tuple[str, list[list[list[str]]]]:
    document = Document(io.BytesIO(contenu))
    tables = [[[plain(c.text) for c in ligne.cells] for ligne in table.rows] for table in document.tables]
    return plain(" ".join(p.text for p in document.paragraphs)), tables


def open_xlsx(contenu: bytes, *, values: bool) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(contenu), data_only=values)


def rows_of(feuille, titre: str) -> list[dict[str, object]]:
    """The rows under the heads, as dictionaries; `titre` names the first column."""
    lignes = list(feuille.iter_rows(values_only=True))
    rang = next(y for y, ligne in enumerate(lignes) if ligne[0] == titre)
    return [dict(zip(lignes[rang], ligne, strict=True)) for ligne in lignes[rang + 1 :] if ligne[0]]


# The demonstration, cell by cell ------------------------------------------------------------------------------------


@pytest.fixture
def demo_annee(demo):
    """The page of the coordinator and every document, of the same community at the same moment."""
    cpts = Cpts.objects.get(slug="croix-rousse-presqu-ile")
    with use_cpts(cpts.pk):
        contrat = get_contrat(cpts.pk)
        annee = matter_of(contrat, 1)["chiffres"]["annee"]
        courante = build_contenu(contrat, 3, on=today())["chiffres"]["annee"]
        assert (annee, courante) == (1, 3)
        matiere = matter_of(contrat, courante)
    page = enter(Client(), make_membre(cpts, Role.COORDINATION).compte).get(reverse("pilotage:annee", args=[cpts.slug]))
    rangees = [show_html(rangee) for rangee in re.findall(r"<tr>.*?</tr>", page.content.decode(), re.DOTALL)]
    rapport = build_rapport(matiere)
    return {
        "matiere": matiere,
        "rangees": rangees,
        "page": show_html(page.content.decode()),
        "pdf": read_pdf(write_pdf("dossier", build_vue(matiere), le=LE)),
        "rapport_pdf": read_pdf(write_pdf("activite", rapport, le=LE)),
        "word": read_word(write_word(rapport, le=LE)),
        "valeurs": open_xlsx(write_classeur(matiere, le=LE), values=True),
        "formules": open_xlsx(write_classeur(matiere, le=LE), values=False),
    }


def test_screen_export_and_pack_agree_cell_by_cell(demo_annee):
    valeurs = demo_annee["valeurs"]
    indicateurs = {ligne["Code"]: ligne for ligne in rows_of(valeurs["Indicateurs"], "Indicateur")}
    tableur, (_, tables) = Tableur(demo_annee["formules"]), demo_annee["word"]
    resultats = {ligne[0]: ligne for t in tables if t[0][:2] == ["Indicateur", "Constaté"] for ligne in t[1:]}
    lus = [i for mission in demo_annee["matiere"]["chiffres"]["missions"] for i in mission["indicateurs"]]
    for rang, indicateur in enumerate(lus, start=5):
        feuille, mots = indicateurs[indicateur["code"]], resultats[plain(indicateur["libelle"])]
        for colonne, cellule, (cle, nom) in zip("JKLM", mots[3:], PARTS, strict=True):
            euros = Decimal(indicateur["montants"][cle])
            assert Decimal(str(feuille[nom])) == euros
            assert Decimal(str(tableur.value("Indicateurs", f"{colonne}{rang}"))) == euros
            assert cellule == plain(format_euros(euros))
        for cle, nom, mot in (("constate", "Valeur constatée", mots[1]), ("prevu", "Valeur prévue", mots[2])):
            valeur = None if indicateur[cle] is None else Decimal(indicateur[cle])
            assert (None if feuille[nom] is None else Decimal(str(feuille[nom]))) == valeur
            assert mot.removesuffix(" %") == plain(format_nombre(valeur))
        # The row of the page: value certified, value expected, then euros, in this order.
        rangee = next(r for r in demo_annee["rangees"] if r.startswith(plain(indicateur["libelle"])))
        assert re.search(
            f"{re.escape(mots[1])} .*{re.escape(mots[2])} .*{' '.join(map(re.escape, mots[3:6]))}$", rangee
        )
        assert " ".join(mots[1:6]) in demo_annee["pdf"]
        assert " ".join(mots[1:7]) in demo_annee["rapport_pdf"]
    assert len(lus) == len(indicateurs) == len(resultats) == 20


def test_totals_agree_everywhere(demo_annee):
    chiffres, close = demo_annee["matiere"]["chiffres"], demo_annee["matiere"]["close"]
    missions = {ligne["Mission"]: ligne for ligne in rows_of(demo_annee["valeurs"]["Synthèse"], "Mission")}
    for nom, element in [(m["libelle"], m) for m in chiffres["missions"]] + [("Ensemble", chiffres)]:
        euros = share_euros(element, close=close)
        assert [Decimal(str(missions[nom][mot])) for _, mot in PARTS] == list(euros.values())
        dits = [plain(format_euros(euros[cle])) for cle, _ in PARTS]
        assert " ".join(dits) in demo_annee["pdf"]
        assert (
            f"{plain(nom) if element is not chiffres else 'Total de la part variable'} {' '.join(dits[:3])}"
            in (demo_annee["page"])
        )


def test_the_published_figures_are_printed(demo_annee):
    """Croix-Rousse Presqu’île (communiqué of 22/12/2023): 457 500, of which 67 500 only in a crisis."""
    for montant in ("457 500 €", "390 000 €", "367 500 €", "67 500 €"):
        assert montant in demo_annee["pdf"]
    _, tables = demo_annee["word"]
    assert ["Hors crise", "367 500 €"] in [ligne for table in tables for ligne in table]


def test_every_sheet_recomputes_to_what_it_shows(demo_annee):
    tableur, valeurs = Tableur(demo_annee["formules"]), demo_annee["valeurs"]
    formules = 0
    for feuille in demo_annee["formules"].worksheets:
        for ligne in feuille.iter_rows():
            for cellule in ligne:
                if isinstance(cellule.value, str) and cellule.value.startswith("="):
                    montre = valeurs[feuille.title][cellule.coordinate].value
                    calcule = tableur.value(feuille.title, cellule.coordinate)
                    assert (montre or 0) == pytest.approx(calcule or 0), (feuille.title, cellule.coordinate)
                    formules += 1
    assert formules > 200


# What a person changes ----------------------------------------------------------------------------------------------


@pytest.fixture
def classeur(contrat):
    return open_xlsx(write_classeur(matter_of(contrat, 3), le=LE), values=False)


def test_a_changed_value_moves_the_tier_the_mission_and_the_total(classeur):
    tableur = Tableur(classeur)
    # 105 certified of the tiers 219 → 3 000, 100 → 6 000, 50 → 9 000; four acts make 101 expected.
    assert tableur.value("Indicateurs", "J5") == 3000
    total = tableur.value("Synthèse", "D6")
    classeur["Indicateurs"]["G5"] = 50
    assert tableur.value("Indicateurs", "J5") == 9000
    assert tableur.value("Paliers", "G7") == "constaté"
    assert tableur.value("Synthèse", "D5") == total + 6000
    assert tableur.value("Synthèse", "D6") == total + 6000
    assert tableur.value("Synthèse", "J6") == 6000  # the difference with what Maillon drew up
    classeur["Paliers"]["E7"] = 9500
    assert tableur.value("Synthèse", "D6") == total + 6500


def test_a_closed_year_loses_what_is_not_reached(classeur):
    tableur = Tableur(classeur)
    possible = tableur.value("Synthèse", "F6")
    assert possible > 0
    classeur["Synthèse"]["B8"] = "oui"
    assert (tableur.value("Synthèse", "F6"), tableur.value("Synthèse", "G6")) == (0, possible)


def test_without_any_value_nothing_is_paid(classeur):
    classeur["Indicateurs"]["G5"] = None
    classeur["Indicateurs"]["H5"] = None
    tableur = Tableur(classeur)
    assert [tableur.value("Indicateurs", f"{c}5") for c in "JKL"] == [0, 0, 9000]


def test_a_text_is_never_a_formula(dans_cpts):
    piege = DonneesIndicateurFabrique(code="piege", libelle="=HYPERLINK(1)", paliers=[palier(1, 35000)])
    contrat = create_contrat(cpts_id=dans_cpts.pk, donnees=DonneesContratFabrique(indicateurs=[piege]), by=SYSTEME)
    classeur = open_xlsx(write_classeur(matter_of(contrat, 3), le=LE), values=False)
    assert classeur["Indicateurs"]["A5"].value == "'=HYPERLINK(1)"
    assert classeur["Indicateurs"]["A5"].data_type == "s"


# Seals, accessibility, editable report ------------------------------------------------------------------------------


@pytest.fixture
def scelle(contrat):
    arrete = freeze_periode(contrat=contrat, numero=3, by=SYSTEME, motif="Dialogue de gestion")
    return build_dossier(contrat, arrete)


def content_of(dossier, genre) -> bytes:
    return read_fichier(dossier.pieces.select_related("fichier").get(genre=genre).fichier)


def test_every_document_bears_the_seal(scelle):
    empreinte = scelle.arrete.empreinte
    for genre in (GenrePiece.DOSSIER, GenrePiece.RAPPORT_PDF):
        for page in PdfReader(io.BytesIO(content_of(scelle, genre))).pages:
            assert empreinte in page.extract_text().replace("\n", "")
    word = Document(io.BytesIO(content_of(scelle, GenrePiece.RAPPORT_WORD)))
    assert empreinte in word.sections[0].footer.paragraphs[0].text
    for feuille in open_xlsx(content_of(scelle, GenrePiece.INDICATEURS), values=True).worksheets:
        assert empreinte in feuille["A2"].value
        assert empreinte in feuille.oddFooter.left.text


def test_without_seal_every_document_says_provisional(contrat):
    dossier = build_dossier(contrat)
    for genre in (GenrePiece.DOSSIER, GenrePiece.RAPPORT_PDF):
        for page in PdfReader(io.BytesIO(content_of(dossier, genre))).pages:
            assert "Provisoire, non arrêté" in plain(page.extract_text())
    word = Document(io.BytesIO(content_of(dossier, GenrePiece.RAPPORT_WORD)))
    assert "Provisoire, non arrêté" in plain(word.sections[0].footer.paragraphs[0].text)


@pytest.mark.parametrize("genre", [GenrePiece.DOSSIER, GenrePiece.RAPPORT_PDF])
def test_the_pdf_is_tagged_and_french(scelle, genre):
    lecteur = PdfReader(io.BytesIO(content_of(scelle, genre)))
    racine = lecteur.trailer["/Root"]
    assert racine["/MarkInfo"]["/Marked"].value
    assert racine["/Lang"] == "fr-FR"
    assert racine["/StructTreeRoot"]
    assert "CPTS d’essai" in lecteur.metadata.title
    assert "pdfuaid" in racine["/Metadata"].get_data().decode()
    assert lecteur.outline


def find_alts(noeud, trouves: list[str]) -> list[str]:
    noeud = noeud.get_object() if hasattr(noeud, "get_object") else noeud
    if isinstance(noeud, dict):
        if "/Alt" in noeud:
            trouves.append(str(noeud["/Alt"]))
        enfants = noeud.get("/K", [])
        for enfant in enfants if isinstance(enfants, list) else [enfants]:
            find_alts(enfant, trouves)
    return trouves


def test_every_drawing_says_what_it_shows(scelle):
    lecteur = PdfReader(io.BytesIO(content_of(scelle, GenrePiece.DOSSIER)))
    alts = [plain(alt) for alt in find_alts(lecteur.trailer["/Root"]["/StructTreeRoot"], [])]
    assert any(alt.startswith("Part variable par mission : Accès aux soins 35 000 €") for alt in alts)
    assert any("palier 100 pour 6 000 €" in alt and "constaté 105" in alt for alt in alts)


def test_the_report_is_an_accessible_document(scelle):
    document = Document(io.BytesIO(content_of(scelle, GenrePiece.RAPPORT_WORD)))
    assert document.core_properties.language == "fr-FR"
    assert document.core_properties.title.startswith("Rapport annuel d’activité, CPTS d’essai")
    assert {langue.get(qn("w:val")) for langue in document.styles.element.iter(qn("w:lang"))} == {"fr-FR"}
    titres = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert titres == ["L’année en bref", "Accès aux soins", "Finances", "Bilan et perspectives"]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
    invites = [p.text for p in document.paragraphs if p.text.startswith("[À rédiger")]
    assert len(invites) == 9
    actes = next(t for t in document.tables if t.cell(0, 0).text == "Actes")
    cellules = [cellule.text for cellule in actes.rows[1].cells]
    assert cellules[0] == "Patients en ALD sans médecin traitant : Médecin traitant trouvé"
    assert (cellules[-3], cellules[-1]) == ("", "4")


@pytest.mark.parametrize(
    ("debut", "fin", "nombre"), [("2025-12-22", "2026-12-22", 13), ("2025-01-01", "2026-01-01", 12)]
)
def test_the_months_of_a_contract_year(debut, fin, nombre):
    assert len(list_mois(debut, fin)) == nombre


def test_no_day_of_a_discreet_list_reaches_the_bureau(contrat):
    """Being in such a list says of a person what the doctors who know them must not learn."""
    matiere = matter_of(contrat, 3)
    (identifiant,) = matiere["actes"]

    def find_jours(matiere: dict) -> tuple[set, list]:
        feuille = open_xlsx(write_classeur(matiere, le=LE), values=True)["Actes"]
        table = next(b for s in build_rapport(matiere)["sections"] for b in s["blocs"] if b.get("serre"))
        return {ligne["Date"] for ligne in rows_of(feuille, "Référence")}, table["lignes"][0][1:-1]

    jours, mois = find_jours(matiere)
    assert len(jours) == 4
    assert "4" in mois
    jours, mois = find_jours({**matiere, "discrets": [identifiant]})
    assert jours == {None}
    assert set(mois) == {""}


def test_recalled_amounts_say_so_in_every_document(dans_cpts):
    """Size 1: its amounts are recalled, no text read gives them line by line."""
    contrat = create_contrat(
        cpts_id=dans_cpts.pk,
        donnees=DonneesContratFabrique(
            population=30000, indicateurs=[DonneesIndicateurFabrique(paliers=[palier(1, 25000)])]
        ),
        by=SYSTEME,
    )
    matiere = matter_of(contrat, 3)
    assert matiere["chiffres"]["plafond"]["total"]["a_confirmer"]
    rapport = build_rapport(matiere)
    for texte in (
        read_pdf(write_pdf("dossier", build_vue(matiere), le=LE)),
        read_pdf(write_pdf("activite", rapport, le=LE)),
        " ".join(c for t in read_word(write_word(rapport, le=LE))[1] for ligne in t for c in ligne),
    ):
        assert "130 000 € (à confirmer)" in texte
    classeur = open_xlsx(write_classeur(matiere, le=LE), values=True)
    assert classeur["Synthèse"]["K5"].value == "à confirmer"


def test_grand_saint_etienne_receives_288_750_at_signature(dans_cpts):
    """First year of a size 4: 90 000 whole, and 75 % of 265 000 of fixed parts."""
    missions = ["acces", "parcours", "prevention", "crise", "qualite", "accompagnement"]
    contrat = create_contrat(
        cpts_id=dans_cpts.pk,
        donnees=DonneesContratFabrique(
            signe_le=date(2023, 11, 8), population=230515,
            indicateurs=[
                DonneesIndicateurFabrique(mission=m, paliers=[palier(1, montant)])
                for m, montant in (
                    ("acces", 45000), ("parcours", 50000), ("prevention", 20000), ("qualite", 20000),
                    ("accompagnement", 15000),
                )
            ],
            missions=[DonneesMission(code=m, statut=StatutMission.DEPLOYEE, debut=date(2023, 11, 8)) for m in missions],
        ),
        by=SYSTEME,
    )  # fmt: skip
    vue = build_vue(matter_of(contrat, 1))
    assert ("08/11/2023", "288 750 €") in [(jour, plain(montant)) for jour, montant in vue["versements"]["dates"]]
    assert plain(vue["plafonds"][0]["total"]) == "580 000 €"


@pytest.mark.parametrize(
    ("population", "missions", "total", "hors_crise", "suivante"),
    [
        # Communiqué of 22/12/2023; the missions are deduced, it does not give them.
        (97000, ["acces", "parcours", "prevention", "crise", "accompagnement"], "457 500 €", "390 000 €", "367 500 €"),
        (51800, ["acces", "parcours", "prevention", "crise", "qualite", "accompagnement"], "382 500 €", None, None),
    ],
)
def test_published_ceilings_are_printed(dans_cpts, population, missions, total, hors_crise, suivante):
    """Croix-Rousse Presqu’île and Vaulx-en-Velin, first year."""
    contrat = create_contrat(
        cpts_id=dans_cpts.pk,
        donnees=DonneesContratFabrique(
            population=population, indicateurs=[], missions=[DonneesMission(code=code) for code in missions]
        ),
        by=SYSTEME,
        etat=EtatContrat.CLOS,  # without its annex
    )
    vue = build_vue(matter_of(contrat, 1))
    premiere, deuxieme = vue["plafonds"][:2]
    assert plain(premiere["total"]).startswith(total)
    if hors_crise:
        assert (plain(premiere["hors_activation"]), plain(deuxieme["hors_activation"])) == (hors_crise, suivante)
    assert total in read_pdf(write_pdf("dossier", vue, le=LE))
