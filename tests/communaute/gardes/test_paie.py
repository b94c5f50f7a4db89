"""As what a duty is paid: its hours, then its day, then any duty."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from fabriques.gardes import make_participant, make_poste, make_tableau
from fabriques.indemnites import make_payable, make_tarif
from maillon.communaute.gardes.enums import EtatGarde, EtatTableau, GenrePoste
from maillon.communaute.gardes.heures import is_nuit
from maillon.communaute.gardes.sources import list_participations
from maillon.pilotage.indemnites.enums import Fonction, Mode
from maillon.pilotage.indemnites.models import Declaration
from maillon.pilotage.indemnites.selectors.tarifs import count_gardes_sans_tarif
from maillon.pilotage.indemnites.services.participations import collect_participations
from maillon.socle.declarations import FonctionGarde
from maillon.socle.droits.acteur import SYSTEME

from .conftest import Maison

PARIS = ZoneInfo("Europe/Paris")
MARDI = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("jour", "de", "heures", "nuit"),
    [
        (MARDI, 14, 6, False),
        (MARDI, 20, 12, True),  # the hours of the permanence des soins: from 20 h to 8 h
        (MARDI, 18, 4, False),  # half and half: of the day
        (MARDI, 18, 5, True),
        (MARDI, 2, 6, True),
        (MARDI, 8, 24, False),
        (MARDI, 6, 30, False),
        (date(2026, 10, 24), 20, 13, True),  # the clocks go back: thirteen true hours
        (date(2026, 11, 22), 8, 12, False),  # a Sunday has its own rate, not that of the night
    ],
)
def test_a_duty_of_the_night(jour: date, de: int, heures: int, nuit: bool) -> None:
    debut = datetime(jour.year, jour.month, jour.day, de, tzinfo=PARIS)
    fin = (debut.astimezone(ZoneInfo("UTC")) + timedelta(hours=heures)).astimezone(PARIS)
    assert is_nuit(debut, fin, "Europe/Paris") is nuit


def test_every_code_of_a_duty_is_a_function_of_pay() -> None:
    assert {code.value for code in FonctionGarde} <= set(Fonction.values)


@pytest.mark.parametrize(
    ("genre", "de", "a", "fonctions"),
    [
        (GenrePoste.SEMAINE, 14, 20, ["garde"]),
        (GenrePoste.SAMEDI, 8, 14, ["garde_samedi", "garde"]),
        (GenrePoste.DIMANCHE, 8, 14, ["garde_ferie", "garde"]),
        (GenrePoste.FERIE, 20, 23, ["garde_nuit", "garde_ferie", "garde"]),
    ],
)
def test_what_a_duty_says_of_itself(maison: Maison, genre: GenrePoste, de: int, a: int, fonctions: list[str]) -> None:
    tableau = make_tableau(maison.cpts, etat=EtatTableau.PUBLIE, debut=MARDI)
    poste = make_poste(tableau, de=de, a=a, genre=genre)
    maison.give(poste, maison.make_gens(tableau, 1)[0], etat=EtatGarde.TENUE)
    (payable,) = list_participations(maison.cpts.pk, MARDI, MARDI + timedelta(days=28))
    assert list(payable.fonctions) == fonctions


def _hold(maison: Maison, **poste: object) -> None:
    """A nurse, who may be paid, held a duty of six hours yesterday."""
    tableau = make_tableau(maison.cpts, etat=EtatTableau.PUBLIE, debut=date(2026, 10, 1))
    personne = make_payable(maison.cpts)
    participant = make_participant(tableau, professionnel=personne.professionnel, personne=personne)
    maison.give(make_poste(tableau, date(2026, 10, 6), **poste), participant, etat=EtatGarde.TENUE)


def _collect(maison: Maison) -> list[Declaration]:
    collect_participations(cpts_id=maison.cpts.pk, debut=date(2026, 9, 1), fin=date(2026, 12, 1), by=SYSTEME)
    return list(Declaration.objects.all())


def test_a_duty_waits_for_its_rate_and_is_never_paid_as_a_meeting(maison: Maison) -> None:
    """A participant's hours are capped at three: the six of a duty are not."""
    make_tarif(maison.cpts, montant=Decimal(60), heures_max=Decimal(3))
    _hold(maison)
    assert _collect(maison) == []
    assert count_gardes_sans_tarif(maison.cpts.pk, date(2026, 9, 1), date(2026, 12, 1)) == 1
    make_tarif(maison.cpts, fonction="garde", montant=Decimal(40))
    assert count_gardes_sans_tarif(maison.cpts.pk, date(2026, 9, 1), date(2026, 12, 1)) == 0
    (ligne,) = _collect(maison)
    assert (ligne.fonction, ligne.heures, ligne.montant) == ("garde", Decimal(6), Decimal(240))


def test_a_saturday_has_its_own_rate_by_the_duty_when_one_was_decided(maison: Maison) -> None:
    make_tarif(maison.cpts, fonction="garde", montant=Decimal(40))
    make_tarif(maison.cpts, fonction="garde_samedi", mode=Mode.SEANCE, montant=Decimal(300))
    _hold(maison, genre=GenrePoste.SAMEDI)
    (ligne,) = _collect(maison)
    assert (ligne.fonction, ligne.montant) == ("garde_samedi", Decimal(300))


def test_a_sunday_without_a_rate_of_its_own_is_paid_as_any_duty(maison: Maison) -> None:
    make_tarif(maison.cpts, fonction="garde", montant=Decimal(40))
    _hold(maison, genre=GenrePoste.DIMANCHE)
    (ligne,) = _collect(maison)
    assert (ligne.fonction, ligne.montant) == ("garde", Decimal(240))
