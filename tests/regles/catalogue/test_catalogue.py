"""The catalogue of indicators: what it must hold comes from the annexes, not from the file."""

import pytest

from maillon.regles.aci import Mission
from maillon.regles.catalogue import by_mission, find_modele, fold, load_catalogue, read_catalogue
from maillon.regles.erreurs import ParametreInvalide

FICHE = (
    "- {code: a, mission: acces, libelle: A, definition: D, nature: compte, unite: u, sens: hausse, certificateur: c, "
    "preuve: p, periodicite: annuelle, reperes: [a], source: s, statut: memoire}\n"
)


@pytest.mark.parametrize(
    ("libelle", "mission", "preuve", "certificateur"),
    [
        ("Patients ALD sans médecin traitant", "acces", "suivi nominatif", "Assurance Maladie"),
        ("Taux de dépistage du cancer du SEIN (50-74 ans)", "prevention", "statistique", "Assurance Maladie"),
        ("Dépistage du cancer du col de l'utérus", "prevention", "statistique", "Assurance Maladie"),
        ("Dépistage colorectal", "prevention", "statistique", "Assurance Maladie"),
        ("Nombre de réunions de ≥ 15 participants", "qualite", "émargement", "CPAM et ARS"),
        ("Plan de crise", "crise", "plan et journal", "ARS"),
        ("Nombre de créneaux ouverts", "acces", "journal des créneaux", "ARS"),
    ],
)
def test_a_label_finds_its_evidence_and_its_certifier(libelle, mission, preuve, certificateur):
    modele = find_modele(libelle, mission=mission)
    assert modele is not None
    assert preuve in modele.preuve
    assert modele.certificateur.startswith(certificateur)
    assert modele.source
    assert modele.definition.endswith(".")


def test_the_most_precise_wins_and_the_unknown_is_not_guessed():
    assert find_modele("Assurés C2S en ALD sans médecin traitant").code == "mt-c2s-ald"
    assert find_modele("Colonoscopies offertes", mission="prevention") is None
    assert find_modele("Dépistage du sein", mission="acces") is None


def test_every_mission_has_its_indicators_in_the_order_of_the_accord():
    assert [mission for mission, _ in by_mission()] == list(Mission)
    assert sum(len(fiches) for _, fiches in by_mission()) == len(load_catalogue())


def test_fold_makes_one_of_spellings():
    assert fold("L’utérus, (25–65)") == fold("l'UTERUS 25-65") == "l uterus 25 65"
    assert fold("LECŒUR Lætitia") == fold("Lecoeur Laetitia") == "lecoeur laetitia"


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ("a: 1", "une liste de fiches"),
        ("- 1", "une liste de fiches"),
        (FICHE + FICHE, "répète un code"),
        (FICHE.replace("source: s, ", ""), "« a » du catalogue : il manque, ou il y a de trop : source"),
        (FICHE.replace("source: s", "source: ' '"), "un champ est vide"),
        (FICHE.replace("reperes: [a]", "reperes: a"), "un champ est vide"),
        (FICHE.replace("reperes: [a]", "reperes: []"), "un champ est vide"),
        (FICHE.replace("nature: compte", "nature: autre"), "nature ou périodicité inconnue"),
        (FICHE.replace("annuelle", "parfois"), "nature ou périodicité inconnue"),
        (FICHE.replace("mission: acces", "mission: autre"), "mission, sens ou statut inconnu"),
    ],
)
def test_a_catalogue_that_breaks_the_format_is_refused(texte, message):
    with pytest.raises(ParametreInvalide, match=message):
        read_catalogue(texte)
