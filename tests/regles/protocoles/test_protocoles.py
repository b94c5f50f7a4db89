"""The national protocols of delegation: names and dates read in the texts."""

from datetime import date

import pytest

from maillon.regles.erreurs import ParametreInvalide
from maillon.regles.protocoles import check_protocoles, list_protocoles

JO = date(2020, 3, 8)


def test_three_protocols_read_in_published_sources():
    """Arrêtés du 6 mars 2020, Journal officiel of 8 March 2020."""
    known = {protocole.code: protocole for protocole in list_protocoles(on=JO)}
    for code, word in (("odynophagie", "angine"), ("pollakiurie", "cystite"), ("rhinite_allergique", "allergique")):
        protocole = known[code]
        assert word in protocole.nom
        assert (protocole.depuis, protocole.titre, protocole.a_confirmer) == (JO, "arrêté du 6 mars 2020", False)


def test_what_was_not_read_again_is_to_be_confirmed():
    assert {p.code for p in list_protocoles(on=JO) if p.a_confirmer} == {"lombalgie", "entorse_cheville"}


def test_nothing_before_the_text():
    assert list_protocoles(on=date(2020, 3, 7)) == ()


VERSION = "{titre: t, source: s, statut: verifie}"


@pytest.mark.parametrize(
    "texte",
    [
        "a: 1",
        "- {nom: x, delegues: y}",
        "- {code: a, delegues: y}",
        "- {code: a, nom: x}",
        f"- {{code: a, nom: x, delegues: y, versions: {{2020-01-01: {VERSION}}}}}\n"
        f"- {{code: a, nom: x, delegues: y, versions: {{2020-01-01: {VERSION}}}}}",
        "- {code: a, nom: x, delegues: y}\n",
        "- {code: a, nom: x, delegues: y, versions: {demain: {titre: t, source: s, statut: verifie}}}",
        "- {code: a, nom: x, delegues: y, versions: {2020-01-01: {source: s, statut: verifie}}}",
        "- {code: a, nom: x, delegues: y, versions: {2020-01-01: {titre: t, statut: verifie}}}",
        "- {code: a, nom: x, delegues: y, versions: {2020-01-01: {titre: t, source: s, statut: sur}}}",
    ],
)
def test_a_wrong_file_does_not_load(texte: str):
    with pytest.raises(ParametreInvalide):
        check_protocoles(texte)
