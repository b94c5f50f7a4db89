"""The promise of every afternoon: who is missing, said as people say it, and whom to ask."""

from datetime import date, datetime, timedelta

import pytest

from fabriques.annuaire import ProfessionnelFabrique
from fabriques.gardes import make_garde, make_participant, make_poste, make_tableau
from fabriques.personnes import PersonneFabrique
from fabriques.soins import make_pro
from fabriques.soins_chiffres import JEUDI, LUNDI, MAINTENANT, MARDI, PARIS, SEMAINE, at, keep_promise, slot
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.gardes.enums import EtatGarde, EtatTableau
from maillon.communaute.sollicitations.models import Absence
from maillon.missions.soins_non_programmes.enums import (
    EtatCreneau,
)
from maillon.missions.soins_non_programmes.models import (
    ActionRefusee,
    Reglages,
)
from maillon.missions.soins_non_programmes.selectors import (
    chiffres,
    promesses,
)
from maillon.missions.soins_non_programmes.selectors.alertes_chiffres import list_alertes_blancs, say_blanc
from maillon.missions.soins_non_programmes.selectors.periodes import Periode
from maillon.missions.soins_non_programmes.services.ouvertures_demandees import ask_ouverture
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _horloge():
    with horloge.at(MAINTENANT):
        yield


# The promise -------------------------------------------------------------------------------------------------------


def test_nobody_is_missing_when_the_promise_is_kept(soins):
    with use_cpts(soins.cpts.pk):
        keep_promise(soins)
        assert promesses.find_blancs(soins.cpts) == []
        assert list_alertes_blancs(soins.cpts.pk, soins.acteur, MAINTENANT) == []


def test_a_blank_afternoon_is_said_as_people_say_it(soins):
    kine = Profession.MASSEUR_KINESITHERAPEUTE
    with use_cpts(soins.cpts.pk):
        keep_promise(soins, sauf=((JEUDI, kine),))
        (blanc,) = promesses.find_blancs(soins.cpts)
        (alerte,) = list_alertes_blancs(soins.cpts.pk, soins.acteur, MAINTENANT)
    assert (blanc.jour, blanc.profession, blanc.entier) == (JEUDI, kine, True)
    said = "Jeudi 12 mars, 14 h – 20 h : aucun masseur-kinésithérapeute."
    assert say_blanc(blanc).replace("\u00a0", " ").replace("\u202f", " ") == said
    assert (alerte.colonne, alerte.urgente) == ("expire", True)


def test_an_open_shift_that_the_rosters_say_is_not_said_twice(soins):
    kine = Profession.MASSEUR_KINESITHERAPEUTE
    with use_cpts(soins.cpts.pk):
        keep_promise(soins, sauf=((JEUDI, kine),))
        tableau = make_tableau(soins.cpts, etat=EtatTableau.PUBLIE, debut=LUNDI, professions=[kine])
        make_poste(tableau, JEUDI, profession=kine)
        assert [blanc.jour for blanc in promesses.find_blancs(soins.cpts)] == [JEUDI]
        assert list_alertes_blancs(soins.cpts.pk, soins.acteur, MAINTENANT) == []


def test_before_the_first_opening_home_pages_say_nothing(soins):
    with use_cpts(soins.cpts.pk):
        assert promesses.find_blancs(soins.cpts)
        assert list_alertes_blancs(soins.cpts.pk, soins.acteur, MAINTENANT) == []


def test_part_of_an_afternoon_today_from_now_on_and_closed_holidays(soins):
    with use_cpts(soins.cpts.pk), horloge.at(datetime(2026, 4, 3, 16, 5, tzinfo=PARIS)):
        Reglages.objects.create(cpts=soins.cpts, promis=[Profession.MEDECIN])
        pro = make_pro(soins, generaliste=True)
        slot(soins, pro, at(date(2026, 4, 3), 17), 120)
        slot(soins, pro, at(date(2026, 4, 7), 14), 360)
        blancs = promesses.find_blancs(soins.cpts, jours=5)  # Friday, a week-end, Easter Monday, Tuesday
        Reglages.objects.update(ouvert_les_feries=True)
        ouverts = promesses.find_blancs(soins.cpts, jours=5)
    assert [(b.jour.day, [(de.hour, a.hour) for de, a in b.trous], b.entier) for b in blancs] == [
        (3, [(16, 17), (19, 20)], False)
    ]
    assert [b.jour.day for b in ouverts] == [3, 6]


def test_whom_to_ask_the_longest_ago_first_without_who_is_away_or_busy(soins):
    infirmier = Profession.INFIRMIER
    with use_cpts(soins.cpts.pk):
        pros = keep_promise(soins, sauf=((JEUDI, infirmier),))
        ancien, jamais, absent, pris, sans_adresse = (make_pro(soins) for _ in range(5))
        slot(soins, ancien, at(date(2026, 2, 2), 14))
        slot(soins, pros[infirmier], at(LUNDI, 14))
        slot(soins, pris, at(JEUDI, 14), 360, etat=EtatCreneau.OCCUPE)
        Absence.objects.create(cpts=soins.cpts, professionnel=absent.professionnel, periode=(JEUDI, date(2026, 3, 13)))
        for pro in (pros[infirmier], ancien, jamais, absent, pris):
            PersonneFabrique(
                cpts=soins.cpts, professionnel=pro.professionnel, courriel=f"{pro.professionnel.rpps}@example.org"
            )
        PersonneFabrique(cpts=soins.cpts, professionnel=sans_adresse.professionnel, courriel="")
        PersonneFabrique(cpts=soins.cpts, professionnel=ProfessionnelFabrique(), courriel="dehors@example.org")
        blancs = promesses.find_blancs(soins.cpts)
        gens = promesses.find_sollicitables(soins.cpts.pk, blancs)[blancs[0].cle]
    assert [gen.professionnel for gen in gens] == [
        ancien.professionnel,
        pros[infirmier].professionnel,
        jamais.professionnel,
    ]


def test_openings_are_asked_once(soins):
    infirmier = Profession.INFIRMIER
    with use_cpts(soins.cpts.pk):
        pro = keep_promise(soins, sauf=((JEUDI, infirmier),))[infirmier]
        PersonneFabrique(cpts=soins.cpts, professionnel=pro.professionnel, courriel="sacha@example.org")
        cle = promesses.find_blancs(soins.cpts)[0].cle
        assert ask_ouverture(cpts=soins.cpts, cle=cle, by=soins.acteur) == 1
        with pytest.raises(ActionRefusee):
            ask_ouverture(cpts=soins.cpts, cle=cle, by=soins.acteur)
        entree = Entree.objects.get(evenement="soins.ouverture_demandee")
        assert entree.details == {"blanc": cle, "nombre": 1}
        assert promesses.find_demandes_faites(soins.cpts.pk, promesses.find_blancs(soins.cpts)) == {cle: entree}
        assert Message.objects.filter(cpts=soins.cpts, gabarit__contains="ouverture_demandee").count() == 1
        slot(soins, pro, at(JEUDI, 14), 360)
        with pytest.raises(ActionRefusee, match="entre-temps"):
            ask_ouverture(cpts=soins.cpts, cle=cle, by=soins.acteur)


def test_a_published_duty_keeps_the_promise_as_slots_do(soins):
    infirmier = Profession.INFIRMIER
    with use_cpts(soins.cpts.pk):
        keep_promise(soins, sauf=((JEUDI, infirmier), (date(2026, 3, 13), infirmier)))
        tableau = make_tableau(soins.cpts, etat=EtatTableau.PUBLIE, debut=LUNDI)
        make_garde(make_poste(tableau, JEUDI), make_participant(tableau), etat=EtatGarde.PUBLIEE)
        assert [blanc.jour.day for blanc in promesses.find_blancs(soins.cpts)] == [13]
        presences = chiffres.compute_presences(soins.cpts, Periode(LUNDI, LUNDI + timedelta(days=7)))
    # The period is read up to today: of three afternoons, only today's has slots.
    assert {p.profession: (p.couvertes, p.promises) for p in presences}[infirmier] == (6, 18)


def test_presence_is_measured_on_the_promised_days(soins):
    with use_cpts(soins.cpts.pk):
        Reglages.objects.create(cpts=soins.cpts, promis=[Profession.MEDECIN])
        pro = make_pro(soins, generaliste=True)
        slot(soins, pro, at(LUNDI, 14), 360)
        slot(soins, pro, at(MARDI, 17), 60)
        slot(soins, pro, at(date(2026, 3, 14), 14), 60)  # Saturday
        (presence,) = chiffres.compute_presences(soins.cpts, SEMAINE)
    # Monday, Tuesday and today: three afternoons of six hours.
    assert (presence.couvertes, presence.promises) == (7, 18)
