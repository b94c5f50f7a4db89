"""Hours of duty in a contract: only those said held, each for its true length, without a name."""

from datetime import timedelta

from maillon.communaute.gardes.enums import EtatGarde, EtatTableau
from maillon.communaute.gardes.indicateurs import INDICATEURS, garde_to_acte, list_tenues
from maillon.socle.declarations import Agregat

from .conftest import Maison, make_poste


def test_hours_of_duties_said_held(maison: Maison) -> None:
    tableau = maison.make_tableau(EtatTableau.PUBLIE)
    one, other = maison.make_gens(tableau, 2)
    jour = tableau.debut
    held = maison.give(make_poste(tableau, jour), one, EtatGarde.TENUE)
    maison.give(make_poste(tableau, jour, de=8, a=12), other, EtatGarde.TENUE)
    maison.give(make_poste(tableau, jour + timedelta(days=1)), one, EtatGarde.NON_TENUE)
    maison.give(make_poste(tableau, jour + timedelta(days=2)), one)
    found = list_tenues(maison.cpts.pk, jour, jour + timedelta(days=7))
    assert [garde.heures for garde in found] == [4.0, 6.0], "14 to 20 and 8 to 12; neither refused nor to come"
    assert list(list_tenues(maison.cpts.pk, jour + timedelta(days=1), jour + timedelta(days=7))) == []
    acte = garde_to_acte(held)
    assert (acte.le, acte.nature) == (jour, "Garde, infirmier")
    assert acte.etat.replace("\u00a0", " ") == "tenue, 6 h"
    assert str(one.personne) not in repr(acte)
    assert [(i.code, i.agregat, i.fact) for i in INDICATEURS] == [("gardes.heures_tenues", Agregat.SUM, "heures")]
