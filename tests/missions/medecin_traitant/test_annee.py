"""A whole year of a small community: the promises hold every day, and the contract's figures are those of the story."""

from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest

from fabriques.annee import Annee, list_taches
from fabriques.medecin_traitant import make_guichet
from maillon.missions.medecin_traitant.declarations import INDICATEURS
from maillon.missions.medecin_traitant.enums import Etat
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import Agregat

pytestmark = pytest.mark.django_db
DEBUT, JOURS = date(2025, 1, 1), 365


def read_indicateurs(cpts_id, start: date, end: date) -> dict[str, float]:
    """The declared indicators, computed as the contract does: from their rows and their aggregation."""
    lus = {}
    for indicateur in INDICATEURS:
        code = indicateur.code.partition(".")[2]
        rows = list(indicateur.rows(cpts_id, start, end))
        if indicateur.agregat is Agregat.MEDIAN:
            lus[code] = round(median(getattr(row, indicateur.fact) for row in rows), 6) if rows else 0.0
        else:
            lus[code] = len(rows)
    return lus


def test_a_year_is_lived_without_forgetting_anybody():
    guichet = make_guichet()
    annee = Annee(guichet, demandes=50, medecins=12, graine=2025)
    with use_cpts(guichet.cpts.pk):
        annee.live(start=DEBUT, jours=JOURS)
        annee.check_messages()
        states = list(annee.list_etats())
        assert all(agrees for _, agrees in states), [etat for etat, agrees in states if not agrees]
        # The year was eventful enough to prove something.
        reached = Counter(etat for etat, _ in states)
        assert reached[Etat.PLACEE] >= 20
        assert reached[Etat.CLOSE] >= 1
        for start, end in (
            (DEBUT, DEBUT + timedelta(days=JOURS)),
            (date(2025, 3, 1), date(2025, 7, 1)),
        ):
            expected, found = annee.count_indicateurs(start, end), read_indicateurs(guichet.cpts.pk, start, end)
            if end < DEBUT + timedelta(days=JOURS):  # a stock is that of today
                expected.pop("volontaires"), found.pop("volontaires")
            assert {code: found[code] for code in expected} == pytest.approx(expected)


def test_the_jobs_of_the_desk_are_lived():
    names = {tache.name for _, tache in list_taches()}
    assert {"medecin_traitant.echeances", "medecin_traitant.chaque_jour"} <= names
