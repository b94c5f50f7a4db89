"""Away for a day: no place is offered then, however the places are opened."""

from datetime import UTC, date, datetime, time

import pytest

from fabriques.soins import make_pro, make_soins
from maillon.communaute.sollicitations.services import declare_absence
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import Audience, DemiJournee, EtatCreneau, Origine
from maillon.missions.soins_non_programmes.models import ActionRefusee, Creneau
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fuseau", "matin"),
    [
        ("Europe/Paris", datetime(2026, 10, 26, 7, tzinfo=UTC)),
        ("Indian/Reunion", datetime(2026, 10, 26, 4, tzinfo=UTC)),
    ],
)
def test_an_opening_of_the_day_of_an_absence_offers_nothing(fuseau, matin) -> None:
    soins = make_soins(fuseau=fuseau)
    with use_cpts(soins.cpts.pk), horloge.at(matin):
        pro = make_pro(soins, generaliste=True)
        jour = date(2026, 10, 26)
        declare_absence(cpts_id=soins.cpts.pk, professionnel=pro.professionnel, du=jour, au=jour, by=pro.acteur)
        saisie = services.Saisie(
            lieu=pro.lieu, jour=jour, de=time(9), a=time(11), duree=20, audiences=[Audience.CPTS], modalite="cabinet"
        )
        _, bilan = services.open_plage(
            cpts=soins.cpts, professionnel=pro.professionnel, saisie=saisie, origine=Origine.AGENDA, by=pro.acteur
        )
        assert not Creneau.objects.filter(etat=EtatCreneau.LIBRE).exists()
        assert bilan.occupes == bilan.faits == 6
        with pytest.raises(ActionRefusee, match="Plus de place"):
            services.open_places(
                cpts=soins.cpts,
                professionnel=pro.professionnel,
                places=3,
                quand=DemiJournee.APRES_MIDI,
                origine=Origine.EXPRES,
                by=pro.acteur,
            )


def test_a_slot_far_ahead_stays_taken_out_by_the_absence_of_its_day() -> None:
    soins = make_soins()
    with use_cpts(soins.cpts.pk), horloge.at(datetime(2026, 10, 26, 7, tzinfo=UTC)):
        pro = make_pro(soins, generaliste=True)
        jour = date(2027, 1, 12)
        declare_absence(cpts_id=soins.cpts.pk, professionnel=pro.professionnel, du=jour, au=jour, by=pro.acteur)
        saisie = services.Saisie(
            lieu=pro.lieu, jour=jour, de=time(9), a=time(10), duree=60, audiences=[Audience.CPTS], modalite="cabinet"
        )
        services.open_plage(
            cpts=soins.cpts, professionnel=pro.professionnel, saisie=saisie, origine=Origine.AGENDA, by=pro.acteur
        )
        assert services.refresh_occupations(cpts=soins.cpts) == (0, 0)
        assert Creneau.objects.get().etat == EtatCreneau.OCCUPE
