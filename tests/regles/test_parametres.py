from datetime import date
from decimal import Decimal

import pytest

from maillon.regles.erreurs import LectureImpossible, ParametreAbsent, ParametreInvalide
from maillon.regles.lecture import load_json, load_yaml
from maillon.regles.parametres import Statut, load_parametre, load_parametres

BON = """
description: Financement
unit: EUR/an
values:
  2022-03-31: {taille_1: 50000, taille_2: {fixe: 12.5, nom: moyenne}}
  2019-08-21: {taille_1: 40000}
references:
  2019-08-21: {title: Accord, source: arrêté, statut: memoire}
  2022-03-31: {title: Avenant 2, source: JO, statut: {taille_1: verifie, taille_2: arithmetique}, note: une note}
"""


def test_lookup_takes_the_latest_value_not_after_the_date():
    parametre = load_parametre("p", BON)
    assert parametre.at(date(2022, 3, 30)).get("taille_1").nombre == 40000
    version = parametre.at(date(2022, 3, 31))
    valeur = version.get("taille_2", "fixe")
    assert (valeur.nombre, valeur.statut, valeur.unite) == (Decimal("12.5"), Statut.ARITHMETIQUE, "EUR/an")
    assert valeur.reference.texte == "Avenant 2 (JO)"
    assert valeur.reference.note == "une note"
    assert version.get("taille_1").statut is Statut.VERIFIE
    assert version.text("taille_2", "nom") == "moyenne"
    assert version.branches() == ("taille_1", "taille_2")
    assert version.has("taille_1")
    assert not version.has("taille_2")


def test_lookup_before_the_first_date_is_refused():
    parametre = load_parametre("p", BON)
    assert not parametre.is_known(date(2019, 8, 20))
    assert parametre.is_known(date(2019, 8, 21))
    with pytest.raises(ParametreAbsent, match="première connue date du 21/08/2019"):
        parametre.at(date(2019, 8, 20))


def test_missing_leaf_is_refused():
    version = load_parametre("p", BON).at(date(2022, 3, 31))
    with pytest.raises(ParametreAbsent, match="pas de nombre pour « taille_2.nom »".replace(" ", ".")):
        version.get("taille_2", "nom")
    with pytest.raises(ParametreAbsent, match="pas de texte"):
        version.text()


@pytest.mark.parametrize(
    ("avant", "apres", "raison"),
    [
        ("unit: EUR/an", "", "unité"),
        ("unit: EUR/an", "unit: '  '", "unité"),
        ("description: Financement", "", "description"),
        ("  2019-08-21: {title: Accord, source: arrêté, statut: memoire}\n", "", "21/08/2019 n’a pas de référence"),
        ("  2019-08-21: {taille_1: 40000}\n", "", "référence du 21/08/2019 n’a pas de valeur"),
        ("statut: memoire", "statut: probable", "« probable » est inconnu"),
        (", statut: memoire", "", "n’a pas de statut"),
        ("{taille_1: verifie, taille_2: arithmetique}", "{taille_1: verifie}", "« taille_2.fixe »"),
        ("{taille_1: verifie,", "{taille_1: verifie, taille_9: verifie,", "« taille_9 »"),
        ("title: Accord, ", "", "titre"),
        ("source: arrêté, ", "", "source"),
        ("{title: Accord, source: arrêté, statut: memoire}", "memoire", "title, source et statut"),
        ("note: une note", "notte: une note", "« notte »"),
        ("{taille_1: 40000}", "{taille_1: true}", "« taille_1 »"),
        ("{taille_1: 40000}", "{}", "« values »"),
        ("{taille_1: 40000}", "", "« values »"),
        ("  2019-08-21: {taille_1", "  depuis toujours: {taille_1", "« depuis toujours »"),
        ("  2019-08-21: {taille_1", "  2019-08-21 10:00:00: {taille_1", "date d’entrée en vigueur"),
        ("  2019-08-21: {taille_1", "  2022-03-31: {taille_1", "écrit deux fois"),
        ("unit: EUR/an", "unit: EUR/an\nunite: EUR", "« unite »"),
        (BON, "- liste", "description, unit, values"),
        (BON, "a: [", "YAML"),
        ("references:", "references: []\nautre:", "« autre »"),
    ],
)
def test_broken_parameter_is_refused(avant, apres, raison):
    assert avant in BON
    with pytest.raises(ParametreInvalide) as refus:
        load_parametre("p", BON.replace(avant, apres))
    message = str(refus.value).replace("\u00a0", " ")
    assert message.startswith("Paramètre « p » :")
    assert raison in message


def test_references_that_are_no_mapping_are_refused():
    with pytest.raises(ParametreInvalide, match="references"):
        load_parametre("p", "description: d\nunit: u\nvalues: {2019-01-01: 1}\nreferences: []\n")


def test_one_number_for_a_whole_parameter():
    reference = "{2019-01-01: {title: t, source: s, statut: verifie}}"
    texte = f"description: d\nunit: u\nvalues: {{2019-01-01: 3}}\nreferences: {reference}"
    assert load_parametre("p", texte).at(date(2020, 1, 1)).get().nombre == 3
    assert load_parametre("p", texte).at(date(2020, 1, 1)).branches() == ()


def test_folder_of_parameters(tmp_path):
    with pytest.raises(ParametreInvalide, match="Aucun paramètre"):
        load_parametres(tmp_path)
    (tmp_path / "prix.yaml").write_text(BON, encoding="utf-8")
    (tmp_path / "lisez-moi.txt").write_text("autre chose", encoding="utf-8")
    assert list(load_parametres(tmp_path)) == ["prix"]


def test_weakest_statut():
    assert Statut.weakest([]) is Statut.VERIFIE
    assert Statut.weakest([Statut.VERIFIE, Statut.ARITHMETIQUE]) is Statut.ARITHMETIQUE
    assert Statut.weakest([Statut.MEMOIRE, Statut.VERIFIE]) is Statut.MEMOIRE
    assert [s.a_confirmer for s in Statut] == [False, False, True]
    assert Statut.MEMOIRE.libelle == "à confirmer"


@pytest.mark.parametrize(
    ("texte", "raison"),
    [
        ("{a: 1, a: 2}", "« a » est écrit deux fois"),
        ("? [a]\n: 1", "clé"),
        ("a: .nan", "nombre décimal"),
        ("a: 1:30.5", "nombre décimal"),
        ("a: 2023-02-30", "date ou un nombre impossible"),
        ("a: \x00", "caractères"),
        ("a: !!python/object/apply:os.system [ls]", "YAML"),
        ("a: 1\n---\nb: 2", "YAML"),
        ("[" * 600, "imbriqué"),
    ],
)
def test_bad_yaml_is_refused(texte, raison):
    with pytest.raises(LectureImpossible) as refus:
        load_yaml(texte)
    assert raison in str(refus.value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("texte", "raison"),
    [
        ('{"a": 1, "a": 2}', "écrit deux fois"),
        ('{"a": NaN}', "nombre décimal"),
        ('{"a": 1', "JSON"),
        ("9" * 5000, "nombre impossible"),
    ],
)
def test_bad_json_is_refused(texte, raison):
    with pytest.raises(LectureImpossible, match=raison):
        load_json(texte)


def test_decimals_are_exact():
    assert load_yaml("a: 69.70") == {"a": Decimal("69.70")}
    assert load_json('{"a": 69.70}') == {"a": Decimal("69.70")}
