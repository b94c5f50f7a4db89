"""What people paste: shapes of real annexes, French numbers, problems said cell by cell, never an exception."""

import io
import zipfile
from contextlib import suppress
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.xml import DEFUSEDXML

from maillon.missions.medecin_traitant.declarations import INDICATEURS
from maillon.pilotage.contrats.enums import Nature, SensIndicateur
from maillon.pilotage.contrats.saisie.colonnes import Colonne, find_entetes, guess_colonnes, read_mapping
from maillon.pilotage.contrats.saisie.indicateurs import propose_declare, read_ligne, unique_codes
from maillon.pilotage.contrats.saisie.lignes import INDICATEURS_MAX, read_lignes
from maillon.pilotage.contrats.saisie.nombres import Illisible, read_date, read_euros, read_nombre
from maillon.pilotage.contrats.saisie.paliers import find_sens, read_paliers, settle_paliers, write_paliers
from maillon.pilotage.contrats.saisie.tableau import LIGNES_MAX, TableauRefuse, read_fichier_tableau, read_texte


def read_table(texte, mission=""):
    """Rows of a paste, read as the page reads them."""
    tableau = read_texte(texte)
    entetes = find_entetes(tableau)
    return read_lignes(tableau, guess_colonnes(tableau, entetes), entetes=entetes, mission=mission)


def read_seule(texte, **champs):
    return read_ligne({"libelle": "Indicateur", "mission": "acces", "paliers": texte} | champs)


def tiers(lu):
    return [(p.seuil, p.montant) for p in lu.donnees.paliers]


ALD = [(219, 3000), (100, 6000), (50, 9000)]
SEIN = [("69.7", 1000), ("72.4", 2500), (75, 3500)]


@pytest.mark.parametrize(
    ("ecrit", "nature", "sens", "attendus"),
    [
        ("219–101 → 3 000 € ; 100–51 → 6 000 € ; ≤ 50 → 9 000 €", "stock_baisse", "baisse", ALD),
        ("219-101 -> 3000; 100-51 -> 6000; <= 50 -> 9000", "stock_baisse", "baisse", ALD),
        ("219–101 → 3 000 € 100–51 → 6 000 € moins de 51 → 9 000 €", "stock_baisse", "baisse", ALD),
        ("entre 219 et 101 : 3 000 €\n100 à 51 : 6 000 €\n50 ou moins : 9 000 €", "stock_baisse", "baisse", ALD),
        ("socle 69,70 % : 1 000 ; intermédiaire 72,40 % : 2 500 ; objectif 75 % : 3 500", "taux", "hausse", SEIN),
        ("303 → 203 : 5 000 €", "seuil", "baisse", [(203, 5000)]),
        ("oui/non 5 000 €", "livrable", "hausse", [(1, 5000)]),
        ("5\u202f000 €", "livrable", "hausse", [(1, 5000)]),
        ("deux soirées tenues : 5 000 €", "livrable", "hausse", [(2, 5000)]),
        ("dix patients inclus : 2 000 €", "compte", "hausse", [(10, 2000)]),
        ("Palier 1 : 10 actes : 2 000 € ; Palier 2 : 20 actes : 4 000 €", "compte", "hausse", [(10, 2000), (20, 4000)]),
        ("de 10 à 19 actes : 2 000 € ; 20 et plus : 4 000,50 €", "compte", "hausse", [(10, 2000), (20, "4000.5")]),
        ("3 000 € si plus de 20 participants", "compte", "hausse", [(21, 3000)]),
        ("≥ 15 participants : 3.000 €", "compte", "hausse", [(15, 3000)]),
        ("au plus 30 jours = 1 k€", "seuil", "baisse", [(30, 1000)]),
    ],
)  # fmt: skip
def test_tiers_are_read_as_annexes_write_them(ecrit, nature, sens, attendus):
    lu = read_seule(ecrit)
    assert lu.erreurs == {}
    assert (lu.donnees.nature, lu.donnees.sens) == (nature, sens)
    assert tiers(lu) == [(Decimal(str(s)), Decimal(str(m))) for s, m in attendus]


def test_tiers_written_again_read_the_same():
    for ecrit in (
        "219–101 → 3 000 € ; 100–51 → 6 000 € ; ≤ 50 → 9 000 €",
        "socle 69,7 % : 1 000 ; objectif 75 % : 3 500",
    ):
        lus = read_paliers(ecrit)
        sens = find_sens(lus, None)
        premiers = settle_paliers(lus, sens=sens, reference=None)
        unite = "%" if "%" in ecrit else ""
        encore = read_paliers(write_paliers(premiers, sens=sens, unite=unite))
        assert settle_paliers(encore, sens=find_sens(encore, None), reference=None) == premiers


def test_the_baseline_is_found_in_what_is_written():
    assert read_seule("303 → 203 : 5 000 €").donnees.reference == 303
    assert read_seule("219–101 → 3 000 € ; ≤ 100 → 6 000 €").donnees.reference == 219
    assert tiers(read_seule("− 100 : 5 000 €", reference="303")) == [(203, 5000)]
    assert "donnez-la" in read_seule("− 100 : 5 000 €").erreurs["paliers"]
    assert tiers(read_seule("+ 3,5 points : 2 000 €", reference="66,26 %", nature="taux")) == [(Decimal("69.76"), 2000)]


def test_contradictions_name_the_numbers():
    """Baseline + delta ≠ target, tiers that pay less, a rate above 100."""
    lu = read_seule("≤ 203 : 5 000 €", reference="303", variation="-90", cible="203")
    assert lu.donnees is None
    assert "303" in lu.erreurs[""]
    assert "213" in lu.erreurs[""]
    assert "203" in lu.erreurs[""]
    assert "dépasse 100" in read_seule("objectif 175 % : 1 000 €").erreurs[""]
    assert "pas plus que le palier plus facile" in read_seule("≥ 10 : 2 000 € ; ≥ 20 : 1 000 €").erreurs[""]


@pytest.mark.parametrize(
    ("ecrit", "phrase"),
    [
        ("219", "ne donne pas de montant"),
        ("", "au moins un palier"),
        ("10, 20 puis 30 : x", "ne donne pas de montant"),
        ("100 200 : abc €", "n’est pas un nombre"),
        ("10 patients 20 actes : 3 000 €", "sans dire leur lien"),
        ("1.500 patients : 3 000 €", "se lit de deux façons"),
        ("moins de 30 % : 3 000 €", "écrivez « au plus »"),
        ("10 : 99 000 000 000 €", "dépasse le milliard"),
    ],
)
def test_what_is_not_understood_is_said(ecrit, phrase):
    assert phrase in " ".join(read_seule(ecrit).erreurs.values())


def test_french_numbers_and_dates():
    assert read_nombre("1 000,50") == Decimal("1000.50")
    assert read_nombre("66,26\u00a0%") == Decimal("66.26")
    assert read_nombre("−12") == -12
    assert read_nombre(" – ") is None
    assert read_euros("1\u202f000 €") == 1000
    assert [f"{read_date(t)}" for t in ("22/12/2023", "2023-12-22", "22 décembre 2023", "22.12.2023")] == [
        "2023-12-22"
    ] * 4
    for impossible in ("31/02/2024", "demain", "2023-13-01"):
        with pytest.raises(Illisible):
            read_date(impossible)
    for impossible in ("-5", "1,005", "mille"):
        with pytest.raises(Illisible):
            read_euros(impossible)


ANNEXE = """Indicateur\tSituation initiale\tSocle\tMontant\tIntermédiaire\tMontant\tObjectif\tMontant\tSource
Mission prévention
Dépistage du cancer du sein\t66,26 %\t69,70 %\t1 000 €\t72,40 %\t2 500 €\t75 %\t3 500 €\tAssurance Maladie
Dépistage colorectal\t30 %\t32 %\t1000\t34 %\t2000\t36 %\t3000\tAssurance Maladie
Total\t\t\t\t\t\t\t6 500 €
Mission accès aux soins
Patients de plus de 70 ans sans médecin traitant\t303\t203\t5 000 €\t\t\t\t\tCPAM
"""


def test_thresholds_and_amounts_in_columns_under_section_titles():
    lecture = read_table(ANNEXE)
    lus = [read_ligne(ligne.champs) for ligne in lecture.lignes]
    assert [lu.erreurs for lu in lus] == [{}] * 3
    assert [lu.donnees.mission for lu in lus] == ["prevention", "prevention", "acces"]
    assert [lu.maximum for lu in lus] == [3500, 3000, 5000]
    assert lus[0].donnees.paliers[1].libelle == "intermédiaire"
    assert lus[0].donnees.reference == Decimal("66.26")
    assert (lus[2].donnees.nature, lus[2].donnees.sens) == (Nature.SEUIL, SensIndicateur.BAISSE)
    assert lus[2].donnees.certificateur == "CPAM"
    assert len(lecture.ecartees) == 1
    assert "Ligne 5" in lecture.ecartees[0]


def test_one_row_a_tier_and_merged_cells():
    texte = (
        "Mission;Indicateur;Seuil;Montant\n"
        "Accès aux soins;Patients en ALD sans médecin traitant;219–101;3 000\n;;100–51;6 000\n;;≤ 50;9 000\n"
        ";Annuaire en ligne;oui/non;5 000\nParcours;Patients inclus;10;2 000\nParcours;Patients inclus;20;4 000\n"
    )
    lecture = read_table(texte)
    lus = [read_ligne(ligne.champs) for ligne in lecture.lignes]
    assert [lu.erreurs for lu in lus] == [{}] * 3
    assert tiers(lus[0]) == [(219, 3000), (100, 6000), (50, 9000)]
    assert lus[1].donnees.nature == Nature.LIVRABLE
    assert (lus[2].donnees.mission, tiers(lus[2])) == ("parcours", [(10, 2000), (20, 4000)])


@pytest.mark.parametrize(
    "texte",
    [
        "Indicateur | Paliers et montants | Pièces\n--- | --- | ---\nAnnuaire en ligne | oui/non 5 000 € | annuaire",
        "| Indicateur | Paliers et montants |\n|---|---|\n| Annuaire en ligne | oui/non 5 000 € |",
        "Indicateur            Paliers\nAnnuaire en ligne     5 000 €",
        "Annuaire en ligne : 5 000 €",
        "Indicateur;Paliers\nAnnuaire en ligne;oui : 5 000 €",
        "Annuaire en ligne\toui/non 5 000 €",
        "Annuaire en ligne\t1\t5 000 €",
    ],
)
def test_separators(texte):
    lecture = read_table(texte, mission="acces")
    assert [ligne.champs["libelle"] for ligne in lecture.lignes] == ["Annuaire en ligne"]
    lu = read_ligne(lecture.lignes[0].champs)
    assert (lu.erreurs, tiers(lu)) == ({}, [(1, 5000)])


def test_columns_are_corrected_by_the_person():
    tableau = read_texte("A\tB\tC\nAnnuaire\t5 000 €\tx\nAgenda\t2 000 €\ty")
    lecture = read_lignes(tableau, read_mapping(["libelle", "montant", "preuve", "bidule"], 3), entetes=0)
    assert [(ligne.champs["paliers"], ligne.champs["preuve"]) for ligne in lecture.lignes] == [
        ("5 000 €", "x"),
        ("2 000 €", "y"),
    ]
    assert read_mapping(["libelle"], 2) == [Colonne.LIBELLE, Colonne.IGNOREE]


def make_classeur(lignes, pour_cent=()):
    classeur = openpyxl.Workbook()
    classeur.active.title = "Lisez-moi"
    feuille = classeur.create_sheet("Indicateurs")
    for ligne in lignes:
        feuille.append(ligne)
    for case in pour_cent:
        feuille[case].number_format = "0.00%"
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def test_an_excel_file_gives_what_its_cells_show():
    assert DEFUSEDXML
    contenu = make_classeur(
        [
            ["Mission", "Indicateur", "Valeur initiale", "Seuil", "Montant"],
            ["Prévention", "Dépistage", 0.6626, 0.697, 1000],
        ],
        pour_cent=("C2", "D2"),
    )
    tableau = read_fichier_tableau("annexe.xlsx", contenu)
    assert tableau[1] == ["Prévention", "Dépistage", "66,26 %", "69,7 %", "1000"]
    lecture = read_lignes(tableau, guess_colonnes(tableau, 0), entetes=0)
    assert tiers(read_ligne(lecture.lignes[0].champs)) == [(Decimal("69.7"), 1000)]
    assert read_fichier_tableau("a.csv", "Indicateur;Montant\nÉté;5".encode("cp1252"))[1] == ["Été", "5"]


def make_bombe():
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", " " * 90_000_000)
    return sortie.getvalue()


ENTITES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'


def make_pieges():
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        archive.writestr("[Content_Types].xml", ENTITES)
        archive.writestr("xl/workbook.xml", ENTITES)
    return sortie.getvalue()


@pytest.mark.parametrize(
    ("nom", "contenu", "phrase"),
    [
        ("a.pdf", b"%PDF-1.7", "ni un tableau Excel"),
        ("a.xlsx", make_bombe(), "trop gros"),
        ("a.xlsx", make_pieges(), "pas un classeur Excel"),
        ("a.csv", b"x" * 2_000_001, "2 Mo"),
        ("a.csv", b"x" * 200_001, "200 ko"),
        ("a.csv", b"a;b\n" * (LIGNES_MAX + 1), "plus de 500 lignes"),
        ("a.csv", b"a;" * 60 + b"b", "plus de 40 colonnes"),
        ("a.csv", b"a\tb" + b"c" * 3000, "une case de plus de 2000"),
        ("a.csv", b'a\t"' + b"c" * 140_000, "guillemet jamais fermé"),
        ("a.csv", b" \n ", "rien à lire"),
        ("a.csv", b";;\n;", "vide"),
    ],
)  # fmt: skip
def test_what_is_too_big_or_no_table_is_refused(nom, contenu, phrase):
    with pytest.raises(TableauRefuse, match=phrase):
        read_fichier_tableau(nom, contenu)


def test_more_indicators_than_a_contract_holds_are_left_aside():
    texte = "Indicateur\tPaliers\n" + "".join(f"Indicateur n {n} bis\t5 000 €\n" for n in range(INDICATEURS_MAX + 5))
    lecture = read_table(texte, mission="acces")
    assert len(lecture.lignes) == INDICATEURS_MAX
    assert "90 indicateurs au plus" in lecture.ecartees[0]


def test_a_name_met_twice_gets_another_code():
    lus = [read_seule("5 000 €").donnees, read_seule("3 000 €").donnees]
    assert [d.code for d in unique_codes(lus)] == ["indicateur", "indicateur-2"]


@pytest.mark.parametrize(
    ("libelle", "attendu"),
    [
        ("Patients en ALD sans médecin traitant", "medecin_traitant.ald"),
        ("Nombre de patients C2S et ALD sans MT", "medecin_traitant.c2s_ald"),
        ("Patients de plus de 70 ans sans médecin traitant", "medecin_traitant.plus_de_70"),
        ("Patients de 16 ans et plus sans médecin traitant", "medecin_traitant.16_ans"),
        ("Délai du guichet", "medecin_traitant.delai"),
        ("Médecins volontaires", "medecin_traitant.volontaires"),
        ("Annuaire en ligne", ""),
        ("Délai moyen de rendez-vous", ""),
        ("Patients sans médecin traitant", ""),
    ],
)
def test_what_maillon_computes_is_proposed_by_mission_and_words(libelle, attendu):
    assert propose_declare("acces", libelle, INDICATEURS) == attendu
    assert propose_declare("prevention", libelle, INDICATEURS) == ""


morceaux = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["\t", "\n", ";", "|", '"', " € ", "→", ":", "219–101", "≤", "%", "1 000,50", "3.000", "socle", "−", "Montant",
         "Seuil",
         "Indicateur", "Mission", "oui/non", "k€", "\x00", "9" * 30, "²", "٣", "½", "Total", "parcours"]
    ),
)  # fmt: skip
TEXTES = st.lists(morceaux, max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    texte=TEXTES,
    mission=st.sampled_from(["", "acces", "x"]),
    roles=st.lists(st.sampled_from(Colonne.values), max_size=40),
)
def test_whatever_is_pasted_no_exception_escapes(texte, mission, roles):
    try:
        tableau = read_texte(texte)
    except TableauRefuse:
        return
    entetes = find_entetes(tableau)
    for colonnes in (guess_colonnes(tableau, entetes), read_mapping(roles, len(tableau[0]))):
        lecture = read_lignes(tableau, colonnes, entetes=entetes, mission=mission)
        assert len(lecture.lignes) <= INDICATEURS_MAX
        for ligne in lecture.lignes:
            lu = read_ligne(ligne.champs)
            assert (lu.donnees is None) == bool(lu.erreurs)


@settings(max_examples=300, deadline=None)
@given(
    champs=st.dictionaries(
        st.sampled_from(
            ["libelle", "mission", "paliers", "reference", "variation", "cible", "nature", "sens", "unite"]
        ),
        TEXTES,
    )
)
def test_whatever_is_typed_no_exception_escapes(champs):
    lu = read_ligne(champs | {"mission": "acces"})
    assert (lu.donnees is None) == bool(lu.erreurs)


@settings(max_examples=100, deadline=None)
@given(contenu=st.binary(max_size=300) | st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b))
def test_whatever_file_comes_it_is_read_or_refused(contenu):
    with suppress(TableauRefuse):
        read_fichier_tableau("x.xlsx", contenu)
