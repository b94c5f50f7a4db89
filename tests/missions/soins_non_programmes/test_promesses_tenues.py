"""What people may count on: nobody comes for nothing, is woken, or waits because something else failed."""

from datetime import UTC, date, datetime, time, timedelta
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_agent
from fabriques.personnes import PersonneFabrique
from fabriques.soins import make_creneau, make_pro, make_rendez_vous, make_soins
from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.adhesions.services import end_adhesion, resume_adhesion
from maillon.communaute.personnes.services import depart_personne, return_personne
from maillon.communaute.sollicitations.services import declare_absence
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import Audience, EtatCreneau, Origine
from maillon.missions.soins_non_programmes.models import Creneau
from maillon.missions.soins_non_programmes.selectors.alertes import list_alertes_a_prevenir
from maillon.missions.soins_non_programmes.services import messages
from maillon.regles.horaires import build_regle
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.horloge import now, today

pytestmark = pytest.mark.django_db
# Monday 23 November 2026, 9:00 in Paris.
LUNDI = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def soins():
    with horloge.at(LUNDI):
        soins = make_soins()
        with use_cpts(soins.cpts.pk):
            yield soins


def publish(soins, pro, **champs) -> None:
    values = {
        "lieu": pro.lieu, "jour": today(), "de": time(14), "a": time(15), "duree": 60,
        "audiences": [Audience.CPTS, Audience.SNP], "modalite": "cabinet", **champs,
    }  # fmt: skip
    services.open_plage(
        cpts=soins.cpts, professionnel=pro.professionnel, saisie=services.Saisie(**values), origine=Origine.AGENDA,
        by=pro.acteur,
    )  # fmt: skip


def refresh(soins) -> list[int]:
    """How many slots are free, and how many are not."""
    services.refresh_occupations(cpts=soins.cpts)
    rows = Creneau.objects.values_list("etat", flat=True)
    return [sum(etat == EtatCreneau.LIBRE for etat in rows), sum(etat == EtatCreneau.OCCUPE for etat in rows)]


# Who left -------------------------------------------------------------------------------------------------------------


def test_slots_of_a_member_end_with_the_membership_and_come_back_with_it(soins) -> None:
    pro = make_pro(soins)
    publish(soins, pro, regle=build_regle([0]))
    assert refresh(soins) == [6, 0]
    adhesion = Adhesion.objects.get(professionnel=pro.professionnel)
    adhesion = end_adhesion(adhesion=adhesion, by=soins.acteur, fin=today() + timedelta(days=8))
    assert refresh(soins) == [2, 4]
    with horloge.at(LUNDI + timedelta(days=7)):
        services.fill_plages(cpts=soins.cpts)
        assert Creneau.objects.latest("debut").etat == EtatCreneau.OCCUPE
    resume_adhesion(adhesion=adhesion, by=soins.acteur)
    assert refresh(soins) == [7, 0]


def test_slots_of_who_left_end_that_day(soins) -> None:
    pro = make_pro(soins)
    personne = PersonneFabrique(cpts=soins.cpts, professionnel=pro.professionnel)
    publish(soins, pro, regle=build_regle([0]))
    depart_personne(personne=personne, on=today() + timedelta(days=1), by=soins.acteur)
    assert refresh(soins) == [1, 5]
    return_personne(personne=personne, by=soins.acteur)
    assert refresh(soins) == [6, 0]


def test_who_left_is_not_asked_for_places_in_the_morning(soins) -> None:
    pro = make_pro(soins)
    habitude = services.take_habitude(cpts_id=soins.cpts.pk, professionnel=pro.professionnel, by=pro.acteur)
    habitude.matin = True
    services.save_habitude(habitude=habitude, by=pro.acteur)
    end_adhesion(adhesion=Adhesion.objects.get(professionnel=pro.professionnel), by=soins.acteur, fin=today())
    assert services.ask_matin(cpts=soins.cpts) == 0
    assert not Message.objects.exists()


# Appointments ---------------------------------------------------------------------------------------------------------


def test_appointments_given_over_an_absence_are_said_to_the_desk_and_to_the_professional(soins) -> None:
    pro, autre = make_pro(soins), make_pro(soins)
    for dans in (48, 49):
        make_rendez_vous(soins, make_creneau(soins, pro, dans=dans))
    make_rendez_vous(soins, make_creneau(soins, autre, dans=48))
    assert list_alertes_a_prevenir(soins.cpts.pk, soins.acteur, now()) == []
    declare_absence(
        cpts_id=soins.cpts.pk, professionnel=pro.professionnel, du=date(2026, 11, 25), au=date(2026, 11, 25),
        by=pro.acteur,
    )  # fmt: skip
    (alerte,) = list_alertes_a_prevenir(soins.cpts.pk, soins.acteur, now())
    assert alerte.phrase == (
        "Deux personnes à prévenir\u00a0: leurs rendez-vous tombent, le premier mercredi 25\u00a0novembre, 9\u00a0h."
    )
    assert alerte.urgente
    assert enter(Client(), soins.membre.compte).get(alerte.url).status_code == 200
    (sienne,) = list_alertes_a_prevenir(soins.cpts.pk, pro.acteur, now())
    assert sienne.nombre == 2
    assert list_alertes_a_prevenir(soins.cpts.pk, autre.acteur, now()) == []


@pytest.mark.parametrize(
    ("telephone", "dit"),
    [("06 12 34 56 78", "La personne en est prévenue."), ("04 77 01 02 03", "appelez-la")],
    ids=["mobile", "landline"],
)
def test_a_page_says_that_the_person_knows_only_when_a_message_left(soins, telephone, dit) -> None:
    given = make_rendez_vous(soins, make_creneau(soins, make_pro(soins)), telephone=telephone)
    guichet = enter(Client(), soins.membre.compte)
    adresse = reverse("soins_annuler", args=[soins.cpts.slug, given.pk])
    page = guichet.post(adresse, {"motif": "professionnel"}, follow=True).content.decode()
    assert dit in page
    assert ("est prévenue." in page) == dit.startswith("La personne")


# Reminders ------------------------------------------------------------------------------------------------------------


def test_a_reminder_of_the_morning_leaves_the_evening_before(soins) -> None:
    make_rendez_vous(
        soins, make_creneau(soins, make_pro(soins), debut=LUNDI + timedelta(hours=23)), telephone="0612345678"
    )
    for heures, partis in ((10.9, 0), (11, 1), (11.5, 0), (20, 0)):  # 20 h in Paris is eleven hours later
        with horloge.at(LUNDI + timedelta(hours=heures)):
            assert services.remind_rendez_vous(cpts=soins.cpts) == partis


def test_nobody_is_reminded_at_night_nor_of_what_they_just_took(soins) -> None:
    with horloge.at(LUNDI + timedelta(hours=11, minutes=30)):
        make_rendez_vous(
            soins, make_creneau(soins, make_pro(soins), debut=LUNDI + timedelta(hours=23)), telephone="0612345678"
        )
        assert services.remind_rendez_vous(cpts=soins.cpts) == 0
    with horloge.at(LUNDI + timedelta(hours=20)):
        assert services.remind_rendez_vous(cpts=soins.cpts) == 0


def test_one_appointment_that_fails_does_not_deprive_the_others_of_their_reminder(soins, caplog) -> None:
    make_rendez_vous(soins, make_creneau(soins, make_pro(soins), dans=5), telephone="0612345678")
    bad = make_rendez_vous(soins, make_creneau(soins, make_pro(soins), dans=5), telephone="0612345679")
    tell, nom = messages._tell, "Jeanne Martin"

    def stumble(rendez_vous, *args, **kwargs):
        if rendez_vous.pk == bad.pk:
            raise RuntimeError(nom)
        tell(rendez_vous, *args, **kwargs)

    with horloge.at(LUNDI + timedelta(hours=3)), mock.patch.object(messages, "_tell", stumble):
        assert services.remind_rendez_vous(cpts=soins.cpts) == 1
    bad.refresh_from_db()
    assert bad.rappele_le is None
    assert "RuntimeError" in caplog.text
    assert "Jeanne" not in caplog.text


# Clocks and audiences -------------------------------------------------------------------------------------------------


def test_an_opening_at_hours_that_a_night_skips_is_made_on_the_others(soins) -> None:
    with horloge.at(datetime(2027, 3, 1, 8, tzinfo=UTC)):
        publish(soins, make_pro(soins), jour=date(2027, 3, 7), de=time(2), a=time(3), regle=build_regle([6]))
        jours = [debut.date() for debut in Creneau.objects.order_by("debut").values_list("debut", flat=True)]
    assert jours == [date(2027, 3, 7), date(2027, 3, 14), date(2027, 3, 21), date(2027, 4, 4), date(2027, 4, 11)]


@pytest.mark.parametrize("audience", list(Audience))
def test_the_centre_15_sees_slots_of_every_kind(soins, audience) -> None:
    creneau = make_creneau(soins, make_pro(soins), audiences=[audience])
    client = enter(Client(), make_agent(RoleTerritorial.REGULATEUR).compte)
    assert client.get(reverse("soins_regulation_creneau", args=[creneau.pk])).status_code == 200


def test_a_place_that_moves_takes_its_slots_to_come_along(soins) -> None:
    pro = make_pro(soins)
    creneau = make_creneau(soins, pro)
    pro.lieu.commune = soins.villars
    services.save_lieu(lieu=pro.lieu, by=pro.acteur)
    creneau.refresh_from_db()
    assert (creneau.commune, creneau.zone) == (soins.villars.pk, "42")
    assert (pro.lieu.lon, pro.lieu.lat) == (soins.villars.lon, soins.villars.lat)
