"""Reading what is sent: every content is read or refused in words, none raises anything else, none names a person."""

import io
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillon.pilotage.importations import lecture
from maillon.pilotage.importations.correspondances import (
    Colonnes,
    extract,
    list_libelles,
    list_territoires,
    propose_colonnes,
    propose_indicateur,
)
from maillon.pilotage.importations.lecture import ImportRefuse, read_tableau
from maillon.pilotage.importations.nominatif import refuse_nominatif
from maillon.pilotage.importations.valeurs import SECRET, Illisible, read_jour, read_nombre

JOUR = date(2026, 11, 24)
CSV = "Indicateur;Période;Valeur\nDépistage du sein;T3 2026;69,9 %\nALD;30/09/2026;1 234\n"


def classeur(*rangees, feuilles=None, formats=None) -> bytes:
    livre = openpyxl.Workbook()
    page = livre.active
    page.title = "Données"
    for rangee in rangees:
        page.append(rangee)
    for cellule, style in (formats or {}).items():
        page[cellule].number_format = style
    for nom, etat in (feuilles or {}).items():
        livre.create_sheet(nom).sheet_state = etat
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


# Tables -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_separators_and_encodings_are_found(codage, separateur):
    texte = CSV.replace("69,9", '"69,9"').replace(";", separateur)
    tableau = read_tableau(texte.encode(codage))
    assert tableau.entetes == ("Indicateur", "Période", "Valeur")
    assert [(ligne.numero, ligne.cellules[0]) for ligne in tableau.lignes] == [(2, "Dépistage du sein"), (3, "ALD")]


def test_titles_come_after_the_heading_and_are_made_distinct():
    tableau = read_tableau(b"Tableau de bord\n\n;Valeur;Valeur;\na;1;2;\n")
    assert tableau.entetes == ("colonne 1", "Valeur", "Valeur (2)")
    assert tableau.lignes[0].numero == 4


def test_a_workbook_gives_numbers_dates_and_percentages():
    contenu = classeur(
        ["Indicateur", "Date", "Valeur"], ["Sein", date(2026, 9, 30), 0.699], ["ALD", None, 52], formats={"C2": "0.0%"}
    )
    tableau = read_tableau(contenu)
    assert tableau.lignes[0].cellules == ("Sein", date(2026, 9, 30), Decimal("69.900"))
    assert tableau.lignes[1].cellules == ("ALD", None, Decimal(52))


def test_a_formula_is_never_computed():
    """openpyxl writes no cached value: the cell is unknown, not 3."""
    tableau = read_tableau(classeur(["Indicateur", "Valeur"], ["Sein", "=1+2"]))
    assert tableau.lignes[0].cellules == ("Sein", None)


def test_a_sheet_is_chosen_among_the_visible_ones():
    contenu = classeur(["Indicateur", "Valeur"], ["Sein", 1], feuilles={"Notes": "visible", "Calculs": "hidden"})
    assert read_tableau(contenu).feuilles == ("Données", "Notes")
    with pytest.raises(ImportRefuse, match="Aucune ligne de titres"):
        read_tableau(contenu, feuille="Notes")
    assert read_tableau(contenu, feuille="Calculs").feuille == "Données"


def test_xml_is_read_by_the_library_that_refuses_entities():
    assert openpyxl.DEFUSEDXML


@pytest.mark.parametrize(
    ("contenu", "message"),
    [
        (b"", "Aucune ligne de titres"),
        (b"a;b\n", "aucune ligne sous ses titres"),
        (b"seule\n1\n", "Aucune ligne de titres"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "ancien format .xls"),
        (b"PK\x03\x04 broken", "pas un classeur Excel"),
        (b"a;b\n\x00;1\n", "pas du texte lisible"),
        (b"\x81\x8d\xff;\x9d", "pas du texte lisible"),
        (b"a;b\n" + b'"' + b"x" * 140_000 + b'";1\n', "ne se lit pas comme un tableau"),
        (";".join(f"c{n}" for n in range(61)).encode() + b"\n1;2\n", "plus de 60 colonnes"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(contenu, message):
    with pytest.raises(ImportRefuse, match=message):
        read_tableau(contenu)


def test_a_file_is_bounded(monkeypatch):
    with pytest.raises(ImportRefuse, match=r"plus de 50.000 lignes"):
        read_tableau(b"a;b\n" + b"1;2\n" * 50_000)
    monkeypatch.setattr(lecture, "LIMITES", replace(lecture.LIMITES, cellules=5))
    with pytest.raises(ImportRefuse, match="trop de cellules"):
        read_tableau(b"a;b\n1;2\n3;4\n5;6\n")


# Values -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte", "nombre"),
    [
        ("69,9 %", "69.9"),
        ("1 234", "1234"),
        ("1\u202f234,5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("12.5", "12.5"),
        ("1.234.567", "1234567"),
        ("-3", "-3"),
        ("0", "0"),
    ],
)
def test_numbers_are_read_as_they_are_written(texte, nombre):
    assert read_nombre(texte) == Decimal(nombre)


@pytest.mark.parametrize("texte", ["< 11", "<11", "moins de 11", "Secret statistique", "s.s.", "ND", "≤ 10"])
def test_a_small_figure_is_unknown_and_not_zero(texte):
    assert read_nombre(texte) is SECRET


@pytest.mark.parametrize("cellule", ["abc", "12 patients", "1e9", "NaN", None, date(2026, 1, 1), "9" * 30, "1,2,3"])
def test_what_is_not_a_number_is_said(cellule):
    with pytest.raises(Illisible):
        read_nombre(cellule)


@pytest.mark.parametrize(
    ("texte", "jour"),
    [
        ("30/09/2026", date(2026, 9, 30)),
        ("2026-09-30", date(2026, 9, 30)),
        ("du 01/10/2025 au 30/09/2026", date(2026, 9, 30)),
        ("septembre 2026", date(2026, 9, 30)),
        ("2026-09", date(2026, 9, 30)),
        ("202609", date(2026, 9, 30)),
        ("02/2024", date(2024, 2, 29)),
        ("T3 2026", date(2026, 9, 30)),
        ("2026-T3", date(2026, 9, 30)),
        ("3 trimestre", None),
        ("semestre 1 2026", date(2026, 6, 30)),
        ("2025", date(2025, 12, 31)),
        ("31/02/2026", None),
        ("13/2026", None),
        ("hier", None),
        ("2026-S3", None),
    ],
)
def test_a_period_is_its_last_day(texte, jour):
    if jour is None:
        with pytest.raises(Illisible, match="n’est pas une date"):
            read_jour(texte)
    else:
        assert read_jour(texte) == jour


# People -------------------------------------------------------------------------------------------------------------


def tableau(titre: str, *cellules: str):
    return read_tableau("\n".join([f"Indicateur;{titre}", *(f"a;{c}" for c in cellules)]).encode())


@pytest.mark.parametrize(
    ("titre", "cellules"),
    [
        ("Nom", ["x"]),
        ("NIR", ["x"]),
        ("Prénom du patient", ["x"]),
        ("Date de naissance", ["x"]),
        ("Né(e) le", ["x"]),
        ("N° de sécurité sociale", ["x"]),
        # A made-up number whose key is right: 97 − 2550142218001 mod 97.
        ("code", ["2 55 01 42 218 001 " + f"{97 - 2550142218001 % 97:02d}"]),
        ("code", ["2550142218001"]),
        ("quand", ["01/02/1950", "03/04/1961", "05/06/1972"]),
        ("qui", ["DUPONT Marie", "MARTIN Jean-Paul", "DURAND Zoé"]),
        ("qui", ["Marie DUPONT", "Jean-Paul MARTIN", "Zoé DURAND"]),
        ("contact", ["a@b.fr", "c@d.fr", "e@f.fr"]),
        ("contact", ["04 77 00 00 01", "0477000002", "04.77.00.00.03"]),
    ],
)
def test_a_file_that_names_people_is_refused(titre, cellules):
    with pytest.raises(ImportRefuse, match="Maillon ne prend ici que des totaux"):
        refuse_nominatif(tableau(titre, *cellules), on=JOUR)


def test_births_of_a_workbook_are_seen_too():
    contenu = classeur(["a", "b"], *(["x", date(1950 + n, 1, 1)] for n in range(3)))
    with pytest.raises(ImportRefuse, match="dates de naissance"):
        refuse_nominatif(read_tableau(contenu), on=JOUR)


@pytest.mark.parametrize(
    ("titre", "cellules"),
    [
        ("Nom de l’indicateur", ["Dépistage du sein", "ALD"]),
        ("Nom du territoire", ["CPTS Gier", "CPTS Forez", "CPAM Loire", "ARS Auvergne"]),
        ("Commune", ["SAINT ETIENNE", "Rive de Gier", "La Talaudière", "Sorbiers"]),
        ("Période", ["30/09/2026", "30/06/2026", "31/03/2026"]),
        ("Code", ["42218", "1234567890123456"]),
        # Thirteen digits, but no month: the number of nobody.
        ("Code", ["2551342218001", "255014221800199"]),
        ("Effectif", ["1234567", "250", "11"]),
    ],
)
def test_totals_are_not_taken_for_people(titre, cellules):
    refuse_nominatif(tableau(titre, *cellules), on=JOUR)


# Mapping ------------------------------------------------------------------------------------------------------------


def test_titles_and_territory_are_proposed():
    lu = read_tableau(b"CPTS;Indicateur;Date;Valeur\nCPTS DU GIER;a;2026;1\nCPTS Forez;a;2026;2\n")
    colonnes = propose_colonnes(lu, nom_cpts="CPTS du Gier")
    assert colonnes == Colonnes("Indicateur", "Valeur", "Date", "CPTS", "CPTS DU GIER")
    assert [(d.numero, d.libelle, d.valeur) for d in extract(lu, colonnes)] == [(2, "a", "1")]
    assert list_territoires(lu, "CPTS") == ["CPTS DU GIER", "CPTS Forez"]
    assert list_territoires(lu, "absente") == []


def test_each_column_may_be_an_indicator():
    lu = read_tableau("Territoire;Dépistage sein;ALD\nGier;69,9;52\nForez;1;2\n".encode())
    colonnes = propose_colonnes(lu, nom_cpts="CPTS du Gier")
    assert colonnes == Colonnes("", "", "", "Territoire", "Gier")
    donnees = list(extract(lu, colonnes, date_fixe=JOUR))
    assert [(d.libelle, d.valeur, d.le) for d in donnees] == [("Dépistage sein", "69,9", JOUR), ("ALD", "52", JOUR)]
    assert list_libelles(donnees) == ["Dépistage sein", "ALD"]


def test_a_missing_column_and_too_many_labels_are_refused():
    lu = read_tableau(b"a;b\n" + b"".join(b"x%d;1\n" % n for n in range(201)))
    with pytest.raises(ImportRefuse, match="n’a pas la colonne « c »"):
        list(extract(lu, Colonnes("c", "b", "a")))
    with pytest.raises(ImportRefuse, match="plus de 200 libellés"):
        list_libelles(extract(lu, Colonnes("a", "b"), date_fixe=JOUR))


def test_a_label_finds_its_indicator_by_what_was_kept_its_code_its_name_or_the_catalogue():
    connus = {
        "prev-sein": ("Dépistage du cancer du sein (50–74 ans)", "prevention"),
        "mt-ald": ("Patients en ALD sans médecin traitant", "acces"),
    }
    assert propose_indicateur("PREV SEIN", connus, {}) == "prev-sein"
    assert propose_indicateur("Depistage du cancer du sein 50-74 ans", connus, {}) == "prev-sein"
    assert propose_indicateur("Dépistage du cancer du sein (50 à 74 ans)", connus, {}) == "prev-sein"
    assert propose_indicateur("Taux organisé sein", connus, {}) == "prev-sein"
    assert propose_indicateur("Nombre d’ALD sans MT, médecin traitant", connus, {}) == "mt-ald"
    assert propose_indicateur("Colorectal", connus, {}) == ""
    assert propose_indicateur("MG12", connus, {"mg12": "mt-ald"}) == "mt-ald"
    assert propose_indicateur("MG12", connus, {"mg12": "parti"}) == ""
    assert propose_indicateur("MG12", {}, {}) == ""


# Fuzz ---------------------------------------------------------------------------------------------------------------


def _go_through(contenu: bytes) -> None:
    """From bytes to values: refusals only."""
    try:
        lu = read_tableau(contenu)
        refuse_nominatif(lu, on=JOUR)
        donnees = list(extract(lu, propose_colonnes(lu, nom_cpts="CPTS du Gier"), date_fixe=JOUR))
        list_libelles(donnees)
    except ImportRefuse:
        return
    for donnee in donnees:
        for lit, cellule in ((read_nombre, donnee.valeur), (read_jour, donnee.le)):
            with suppress(Illisible):
                lit(cellule)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(contenu):
    _go_through(contenu)


@given(st.binary(max_size=200))
def test_any_broken_workbook_is_read_or_refused(suite):
    _go_through(b"PK\x03\x04" + suite)
    entier = classeur(["Indicateur", "Valeur"], ["Sein", 1])
    _go_through(entier[: len(entier) // 2] + suite + entier[len(entier) // 2 :])


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(texte):
    _go_through(("Indicateur;Date;Valeur\n" + texte).encode("utf-8", "replace"))


@given(st.lists(st.lists(st.one_of(st.text(max_size=20), st.integers(), st.none()), max_size=5), max_size=12))
def test_any_cells_are_read_or_refused(rangees):
    texte = "\n".join(";".join("" if c is None else str(c) for c in rangee) for rangee in rangees)
    _go_through(texte.encode("utf-8", "replace"))
