"""Cutting names, telephones and searches into fingerprints."""

from datetime import date

import pytest

from fabriques.patients import make_identite
from maillon.communaute.patients.identites import (
    get_empreintes,
    normalize_telephone,
    parse_recherche,
    seal,
    unseal,
)
from maillon.socle.chiffrement import ValeurIllisible, normalize
from maillon.socle.identifiants import new_id


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("04 77 01 02 03", "0477010203"),
        ("+33 4 77 01 02 03", "0477010203"),
        ("0033477010203", "0477010203"),
        ("+32 2 555 12 12", "3225551212"),
        ("", ""),
    ],
)
def test_normalize_telephone(typed: str, digits: str) -> None:
    assert normalize_telephone(typed) == digits


@pytest.mark.parametrize("ecrit", ["Lecœur", "LECŒUR", "LECOEUR", "Lécoeur"])
def test_a_ligature_is_two_letters_in_capitals_too(ecrit: str) -> None:
    assert normalize(ecrit) == "lecoeur"


def test_seal_and_unseal() -> None:
    cpts_id, row_id, patient_id = new_id(), new_id(), new_id()
    identite = make_identite(adresse="3 rue des Écoles\n42000 Saint-Étienne", proche_nom="Luc Martin")
    columns = seal(identite, cpts_id=cpts_id, row_id=row_id)
    assert columns["courriel"] == b""
    assert b"Martin" not in b"".join(columns.values())
    read = unseal(columns, cpts_id=cpts_id, row_id=row_id, patient_id=patient_id)
    assert (read.nom, read.naissance, read.adresse) == ("Martin", date(1950, 3, 12), identite.adresse)
    assert read.nom_complet == "Jeanne MARTIN"


@pytest.mark.parametrize("moved", ["row", "cpts", "column"])
def test_moved_value_does_not_open(moved: str) -> None:
    cpts_id, row_id = new_id(), new_id()
    columns = seal(make_identite(), cpts_id=cpts_id, row_id=row_id)
    if moved == "column":
        columns["nom"] = columns["prenom"]
    with pytest.raises(ValeurIllisible):
        unseal(
            columns,
            cpts_id=new_id() if moved == "cpts" else cpts_id,
            row_id=new_id() if moved == "row" else row_id,
            patient_id=new_id(),
        )


@pytest.mark.parametrize(
    "typed",
    [
        "martin",
        "MARTIN Jeanne",
        "mar",
        "jeanne mar",
        "12/03/1950",
        "12.3.1950 martin",
        "04 77 01 02 03",
        "+33477010203",
        "martin 04.77.01.02.03",
    ],
)
def test_search_agrees_with_index(typed: str) -> None:
    cpts_id = new_id()
    found = set(get_empreintes(make_identite(), cpts_id=cpts_id))
    assert set(parse_recherche(typed, cpts_id=cpts_id).exact(cpts_id)) <= found


def test_half_typed_word_is_found_widely() -> None:
    cpts_id = new_id()
    found = set(get_empreintes(make_identite(), cpts_id=cpts_id))
    recherche = parse_recherche("marti", cpts_id=cpts_id)
    assert not set(recherche.exact(cpts_id)) <= found
    assert set(recherche.wide(cpts_id)) <= found


@pytest.mark.parametrize("typed", ["", "  ", "a", "%'--", "31/02/1950"])
def test_unusable_search_is_empty(typed: str) -> None:
    cpts_id = new_id()
    assert parse_recherche(typed, cpts_id=cpts_id).exact(cpts_id) == []


def test_fingerprints_differ_between_communities() -> None:
    identite = make_identite()
    assert not set(get_empreintes(identite, cpts_id=new_id())) & set(get_empreintes(identite, cpts_id=new_id()))
