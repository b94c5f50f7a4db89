"""What the SAS is told is the booking as it stands, even when it changes while the message is being taken."""

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from api.plateforme import get_envoi, read
from fabriques.course import run_behind
from fabriques.sas import make_cpts_sas, make_regulateur, make_rendez_vous_regule
from fabriques.soins import make_creneau, make_pro
from maillon.api import livraison
from maillon.missions.soins_non_programmes import services
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now

pytestmark = pytest.mark.commits


def wait_instead_of_skipping(monkeypatch) -> None:
    """A message being written is skipped; the change that is committed between the reading and the lock is not. The
    moment is made as long as one likes by waiting for the lock."""
    select_for_update = QuerySet.select_for_update
    monkeypatch.setattr(
        QuerySet,
        "select_for_update",
        lambda self, *, skip_locked=False, **options: select_for_update(self, **options),
    )


def test_a_change_that_comes_meanwhile_is_what_is_told(settings, monkeypatch) -> None:
    settings.MAILLON_SAS_URL = "http://localhost/sas/fhir"
    soins = make_cpts_sas()
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins, generaliste=True), dans=-0.2)
    with horloge.at(now() - timedelta(hours=1)):
        rendez_vous = read(soins, make_rendez_vous_regule(soins, creneau, make_regulateur()))
    envoi = get_envoi(soins)
    wait_instead_of_skipping(monkeypatch)
    taken = run_behind(
        soins.cpts.pk,
        lambda: services.record_venue(rendez_vous=rendez_vous, honore=True, by=SYSTEME),
        lambda: livraison._claim(soins.cpts.pk, str(envoi.pk)),
    )
    assert isinstance(taken, livraison._Pris), taken
    assert (taken.version, taken.statut) == (envoi.version + 1, "fulfilled")
