"""Somebody decides on an application while somebody else says who it comes from: the second reads what the first
wrote, joined rows included. With its negative control."""

import pytest

from fabriques.adhesions import make_candidature
from fabriques.annuaire import ProfessionnelFabrique
from fabriques.course import run_behind
from fabriques.droits import make_cpts
from maillon.communaute.adhesions import services
from maillon.communaute.adhesions.enums import Etat, Organe
from maillon.communaute.adhesions.models import Adhesion, Candidature
from maillon.communaute.adhesions.services import candidatures
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today

pytestmark = pytest.mark.commits


def lock_with_its_relations(candidature: Candidature) -> Candidature:
    """As it was: rows joined to one that was waited for are those of before the wait."""
    rows = Candidature.objects.select_for_update(of=("self",))
    return rows.select_related("professionnel", "structure", "adhesion").get(pk=candidature.pk)


@pytest.fixture
def candidature() -> Candidature:
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        return make_candidature(cpts)


def refuse_behind_identify(candidature: Candidature) -> list[str]:
    """The states of the memberships, once it is refused behind somebody who says who it is."""
    pro = ProfessionnelFabrique()
    issue = run_behind(
        candidature.cpts_id,
        lambda: services.identify_candidature(candidature=candidature, adherent=pro, by=SYSTEME),
        lambda: services.refuse_candidature(
            candidature=candidature,
            decision=services.Decision(le=today(), organe=Organe.BUREAU),
            motif="Hors du territoire",
            by=SYSTEME,
        ),
    )
    assert issue is None
    with use_cpts(candidature.cpts_id):
        return list(Adhesion.objects.filter(professionnel=pro).values_list("etat", flat=True))


def test_a_refusal_ends_the_request_that_was_opened_meanwhile(candidature: Candidature) -> None:
    assert refuse_behind_identify(candidature) == [Etat.TERMINEE]


def test_control_the_request_of_somebody_refused_stays_open(candidature: Candidature, monkeypatch) -> None:
    monkeypatch.setattr(candidatures, "lock", lock_with_its_relations)
    assert refuse_behind_identify(candidature) == [Etat.DEMANDEE]


def test_somebody_identified_meanwhile_is_admitted(candidature: Candidature) -> None:
    pro = ProfessionnelFabrique()
    adhesion = run_behind(
        candidature.cpts_id,
        lambda: services.identify_candidature(candidature=candidature, adherent=pro, by=SYSTEME),
        lambda: services.accept_candidature(
            candidature=candidature, decision=services.Decision(le=today(), organe=Organe.BUREAU), by=SYSTEME
        ),
    )
    assert isinstance(adhesion, Adhesion), adhesion
    assert (adhesion.etat, adhesion.professionnel_id) == (Etat.ACTIVE, pro.pk)
