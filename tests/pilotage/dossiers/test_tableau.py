"""The CPAM's own table: its places found, figures proposed, filled without touching anything else."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName

from fabriques.dossiers import build_dossier
from fabriques.pilotage import DonneesContratFabrique
from maillon.pilotage.contrats.donnees import DonneesMission
from maillon.pilotage.contrats.enums import StatutMission
from maillon.pilotage.contrats.services import create_contrat
from maillon.pilotage.dossiers.documents.chiffres import Chiffre
from maillon.pilotage.dossiers.documents.tableau import TableauRefuse, fill, propose, read_places
from maillon.pilotage.dossiers.enums import GenrePiece
from maillon.pilotage.dossiers.matiere import list_chiffres_of
from maillon.pilotage.dossiers.models import ModeleTableau
from maillon.pilotage.dossiers.services import link_places, remove_modele, store_modele
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import FichierRefuse, read_fichier

CHIFFRES = [
    Chiffre("communaute", "Nom de la communauté (CPTS)", "CPTS d’essai"),
    Chiffre("plafond", "Plafond de l’année, crise comprise", Decimal("457500.00")),
    Chiffre("plafond_hors_crise", "Plafond de l’année hors crise", Decimal("367500.00")),
    Chiffre("fin", "Fin de l’année, date anniversaire", date(2026, 12, 22)),
    Chiffre("ald_valeur", "Patients en ALD sans médecin traitant : valeur constatée", Decimal("69.9")),
    Chiffre("population", "Population", None),
]


def make_classeur() -> openpyxl.Workbook:
    """Names, marks, formulas, styles, merged cells, a second sheet, a hidden column: what such tables hold."""
    classeur = openpyxl.Workbook()
    feuille = classeur.active
    feuille.title = "Suivi"
    feuille["A1"], feuille["A1"].font = "Tableau de suivi", Font(bold=True, size=14)
    feuille.merge_cells("A1:C1")
    for rang, (mots, nom) in enumerate(
        (
            ("Nom de la CPTS", "nom_cpts"),
            ("Plafond", "montant_max"),
            ("Plafond hors crise", "plafond_hors_crise"),
            ("Patients en ALD sans médecin traitant, valeur constatée", "cellule_12"),
        ),
        start=3,
    ):
        feuille[f"A{rang}"] = mots
        feuille[f"B{rang}"].fill = PatternFill("solid", fgColor="FFFFEE99")
        feuille[f"B{rang}"].number_format = "0.00"
        classeur.defined_names[nom] = DefinedName(nom, attr_text=f"Suivi!$B${rang}")
    feuille["A8"], feuille["B8"] = "Reste", "=B4-B5"
    feuille["A9"], feuille["B9"] = "Anniversaire", "{{ fin }}"
    feuille["A10"], feuille["B10"] = "Avis", "{{avis de la CPAM}}"
    classeur.defined_names["zone"] = DefinedName("zone", attr_text="Suivi!$A$1:$C$9")
    classeur.defined_names["reste"] = DefinedName("reste", attr_text="Suivi!$B$8")
    autre = classeur.create_sheet("Aide")
    autre["A1"] = "=SUM(Suivi!B4:B5)"
    autre.column_dimensions["B"].hidden = True
    return classeur


def save(classeur: openpyxl.Workbook) -> bytes:
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


@pytest.fixture
def contenu() -> bytes:
    return save(make_classeur())


def test_places_are_named_cells_and_marks_never_formulas_nor_ranges(contenu):
    places = {place.nom: (place.feuille, place.cellule, place.genre) for place in read_places(contenu)}
    assert places == {
        "nom_cpts": ("Suivi", "B3", "nom"),
        "montant_max": ("Suivi", "B4", "nom"),
        "plafond_hors_crise": ("Suivi", "B5", "nom"),
        "cellule_12": ("Suivi", "B6", "nom"),
        "fin": ("Suivi", "B9", "repère"),
        "avis de la CPAM": ("Suivi", "B10", "repère"),
    }


def test_figures_are_proposed_by_code_then_by_words_and_never_guessed(contenu):
    assert propose(read_places(contenu), CHIFFRES) == {
        "nom_cpts": "communaute",
        "plafond_hors_crise": "plafond_hors_crise",
        "cellule_12": "ald_valeur",
        "fin": "fin",
    }


def test_what_is_not_filled_survives_as_it_was(contenu):
    places = read_places(contenu)
    choisis = propose(places, CHIFFRES) | {"montant_max": "plafond"}
    rempli, manques = fill(contenu, places, choisis, CHIFFRES, sceau="Provisoire")
    avant, apres = openpyxl.load_workbook(io.BytesIO(contenu)), openpyxl.load_workbook(io.BytesIO(rempli))
    remplies = {"B3": "CPTS d’essai", "B4": 457500, "B5": 367500, "B6": 69.9}
    for feuille in avant.worksheets:
        for ligne in feuille.iter_rows():
            for cellule in ligne:
                autre = apres[feuille.title][cellule.coordinate]
                assert repr(autre.font) == repr(cellule.font)
                assert repr(autre.fill) == repr(cellule.fill)
                if feuille.title == "Suivi" and cellule.coordinate in (*remplies, "B9"):
                    continue
                assert autre.value == cellule.value
                assert autre.number_format == cellule.number_format
    assert {adresse: apres["Suivi"][adresse].value for adresse in remplies} == remplies
    assert apres["Suivi"]["B4"].number_format == "0.00"
    assert apres["Suivi"]["B9"].value.date() == date(2026, 12, 22)
    assert {nom: d.attr_text for nom, d in apres.defined_names.items()} == {
        nom: d.attr_text for nom, d in avant.defined_names.items()
    }
    assert apres["Suivi"].merged_cells.ranges == avant["Suivi"].merged_cells.ranges
    assert apres["Aide"].column_dimensions["B"].hidden
    assert apres.properties.description == "Provisoire"
    assert manques == ["« avis de la CPAM » (Suivi, B10) : aucun chiffre choisi."]


def test_an_unknown_figure_and_one_that_went_away_are_said(contenu):
    _, manques = fill(contenu, read_places(contenu), {"nom_cpts": "population", "fin": "ancien"}, CHIFFRES, sceau="")
    assert "« nom_cpts » (Suivi, B3) : Population n’est pas connu." in manques
    assert "« fin » (Suivi, B9) : ce chiffre n’existe plus." in manques


def test_an_amount_to_be_confirmed_says_so_in_its_cell(contenu):
    doute = [Chiffre("plafond", "Plafond", Decimal(287_500), a_confirmer=True)]
    rempli, manques = fill(contenu, read_places(contenu), {"nom_cpts": "plafond"}, doute, sceau="")
    cellule = openpyxl.load_workbook(io.BytesIO(rempli))["Suivi"]["B3"]
    assert cellule.value == 287_500
    assert "À confirmer" in cellule.comment.text
    assert "« nom_cpts » (Suivi, B3) : montant à confirmer, noté sur place." in manques


@pytest.mark.parametrize(("population", "attendu"), [(30_000, True), (97_000, False)])
def test_the_amounts_of_memory_are_marked_in_the_table(dans_cpts, population, attendu):
    """The scale of size 1 is recalled; that of size 3 is read in the accord."""
    prevue = [DonneesMission(code="acces", statut=StatutMission.PREVUE)]
    donnees = DonneesContratFabrique(population=population, indicateurs=[], missions=prevue)
    contrat = create_contrat(cpts_id=dans_cpts.pk, donnees=donnees, by=SYSTEME)
    marques = {c.code for c in list_chiffres_of(contrat) if c.a_confirmer}
    assert ({"plafond", "plafond_hors_crise", "acces_variable", "total_constate"} <= marques) is attendu
    assert "fonctionnement" not in marques


def test_a_text_is_written_as_text(contenu):
    piege = [Chiffre("communaute", "Nom", "=1+1")]
    rempli, _ = fill(contenu, read_places(contenu), {"nom_cpts": "communaute"}, piege, sceau="")
    cellule = openpyxl.load_workbook(io.BytesIO(rempli))["Suivi"]["B3"]
    assert (cellule.value, cellule.data_type) == ("=1+1", "s")


def add_entry(contenu: bytes, nom: str) -> bytes:
    sortie = io.BytesIO(contenu)
    with zipfile.ZipFile(sortie, "a") as archive:
        archive.writestr(nom, b"0")
    return sortie.getvalue()


def with_chart() -> bytes:
    classeur = make_classeur()
    classeur.active.add_chart(BarChart(), "E1")
    return save(classeur)


@pytest.mark.parametrize(
    ("make", "phrase"),
    [
        (lambda: add_entry(save(make_classeur()), "xl/vbaProject.bin"), "contient des macros"),
        (with_chart, "seraient perdus"),
        (lambda: save(openpyxl.Workbook()), "ni cellule nommée ni repère"),
        (lambda: b"%PDF-1.7", "n’est pas un classeur Excel"),
    ],
)
def test_what_cannot_be_kept_whole_is_refused(make, phrase):
    with pytest.raises(TableauRefuse, match=phrase):
        read_places(make())


def test_a_table_is_kept_filled_and_retired(contrat, contenu):
    chiffres = list_chiffres_of(contrat)
    modele = store_modele(contrat=contrat, nom="suivi.xlsx", contenu=contenu, chiffres=chiffres, by=SYSTEME)
    assert modele.correspondances["cellule_12"] == "ald_valeur"
    dossier = build_dossier(contrat)
    piece = dossier.pieces.select_related("fichier").get(genre=GenrePiece.TABLEAU)
    rempli = openpyxl.load_workbook(io.BytesIO(read_fichier(piece.fichier)))["Suivi"]
    assert (rempli["B3"].value, rempli["B6"].value) == ("CPTS d’essai", 105)
    assert any("avis de la CPAM" in phrase for phrase in dossier.avertissements)
    remove_modele(modele=modele, by=SYSTEME)
    assert not build_dossier(contrat).pieces.filter(genre=GenrePiece.TABLEAU).exists()


def test_links_made_by_hand_outlive_a_new_version(contrat, contenu):
    chiffres = list_chiffres_of(contrat)
    ancien = store_modele(contrat=contrat, nom="suivi.xlsx", contenu=contenu, chiffres=chiffres, by=SYSTEME)
    link_places(modele=ancien, correspondances={"avis de la CPAM": "empreinte"}, chiffres=chiffres, by=SYSTEME)
    nouveau = store_modele(contrat=contrat, nom="suivi 2.xlsx", contenu=contenu, chiffres=chiffres, by=SYSTEME)
    assert nouveau.correspondances["avis de la CPAM"] == "empreinte"
    assert ModeleTableau.objects.get(retire_le__isnull=True) == nouveau
    with pytest.raises(SaisieInvalide, match="n’existe plus"):
        link_places(modele=nouveau, correspondances={"nom_cpts": "inconnu"}, chiffres=chiffres, by=SYSTEME)


@pytest.mark.parametrize(
    ("nom", "contenu", "phrase"),
    [("suivi.pdf", b"%PDF-1.7", "n’est pas un classeur Excel"), ("suivi.xlsm", b"MZ\x90\x00", "pas d’un type accepté")],
)
def test_another_document_is_refused(contrat, nom, contenu, phrase):
    with pytest.raises(FichierRefuse, match=phrase):
        store_modele(contrat=contrat, nom=nom, contenu=contenu, chiffres=[], by=SYSTEME)
    assert not ModeleTableau.objects.exists()
