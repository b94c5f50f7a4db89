"""The demonstration of unscheduled care: one afternoon lacks somebody, and every figure has acts behind it."""

import pytest

from maillon.communaute.annuaire.enums import Profession
from maillon.missions.soins_non_programmes.selectors import chiffres, promesses, tensions
from maillon.missions.soins_non_programmes.selectors.periodes import find_periode
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts

pytestmark = pytest.mark.usefixtures("demo")


@pytest.mark.parametrize("slug", ["grand-saint-etienne", "venissieux"])
def test_one_afternoon_lacks_a_physiotherapist(slug):
    cpts = Cpts.objects.get(slug=slug)
    with use_cpts(cpts.pk):
        entiers = [blanc for blanc in promesses.find_blancs(cpts) if blanc.entier]
        assert [blanc.profession for blanc in entiers] == [Profession.MASSEUR_KINESITHERAPEUTE]
        assert promesses.find_sollicitables(cpts.pk, entiers)[entiers[0].cle]


def test_every_figure_has_acts():
    cpts = Cpts.objects.get(slug="grand-saint-etienne")
    with use_cpts(cpts.pk):
        bilan = chiffres.compute_bilan(cpts.pk, find_periode(13))
        vues = tensions.compute_tensions(cpts.pk, find_periode(13))
        presences = chiffres.compute_presences(cpts, find_periode(13))
    assert min(bilan.medecins_sas, bilan.creneaux, bilan.honores, bilan.manques, bilan.repondues) > 0
    assert bilan.donnes >= bilan.honores + bilan.manques
    assert 0.9 < bilan.part_journee < 1
    assert vues.find_pire().profession == Profession.MEDECIN
    assert all(presence.part > 0.9 for presence in presences)
