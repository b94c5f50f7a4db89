"""Openings: published, made into slots ahead, taken out by other calendars, withdrawn and given back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from fabriques.annuaire import ActiviteFabrique
from fabriques.soins import make_creneau, make_lieu, make_plage, make_pro, make_rendez_vous, make_soins
from maillon.communaute.agenda.models import AgendaExterne, Occupation
from maillon.communaute.agenda.services import keep_lecture
from maillon.communaute.personnes.models import Personne
from maillon.communaute.sollicitations.services import cancel_absence, declare_absence
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import Audience, DemiJournee, EtatCreneau, Horaire, Origine
from maillon.missions.soins_non_programmes.models import ActionRefusee, Creneau, Plage, Reglages
from maillon.missions.soins_non_programmes.selectors.reglages import get_reglages
from maillon.regles.horaires import build_regle
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.models import Lien

pytestmark = pytest.mark.django_db
# Monday 26 October 2026, 9:00 in Paris: the day after the clocks changed.
LUNDI = datetime(2026, 10, 26, 8, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def soins():
    soins = make_soins()
    with use_cpts(soins.cpts.pk):
        yield soins


@pytest.fixture
def pro(soins):
    return make_pro(soins, generaliste=True)


@pytest.fixture(autouse=True)
def _lundi():
    with horloge.at(LUNDI):
        yield


def saisie(pro, **champs):
    values = {
        "lieu": pro.lieu, "jour": date(2026, 10, 26), "de": time(14), "a": time(16), "duree": 20,
        "audiences": [Audience.CPTS, Audience.SNP], "modalite": "cabinet", **champs,
    }  # fmt: skip
    return services.Saisie(**values)


def open_plage(soins, pro, **champs):
    return services.open_plage(
        cpts=soins.cpts, professionnel=pro.professionnel, saisie=saisie(pro, **champs), origine=Origine.AGENDA,
        by=pro.acteur,
    )  # fmt: skip


def hours(rows=None, etat=EtatCreneau.LIBRE) -> list[str]:
    rows = Creneau.objects.all() if rows is None else rows
    return [f"{c.debut.astimezone(PARIS):%d/%m %H:%M}" for c in rows.filter(etat=etat).order_by("debut")]


# Publishing -----------------------------------------------------------------------------------------------------------


def test_an_opening_of_one_day_makes_its_slots(soins, pro) -> None:
    plage, bilan = open_plage(soins, pro)
    assert bilan == services.Bilan(faits=6)
    assert hours() == [f"26/10 {h}" for h in ("14:00", "14:20", "14:40", "15:00", "15:20", "15:40")]
    creneau = Creneau.objects.first()
    assert (creneau.plage_id, creneau.lieu_id, creneau.zone, creneau.commune) == (plage.pk, pro.lieu.pk, "42", "42218")
    assert (creneau.profession, creneau.specialite) == ("10", pro.professionnel.savoir_faire[0])
    assert creneau.horaire == Horaire.MISSION
    assert plage.ouverte_par_id == pro.membre.pk


def test_a_repeated_opening_is_made_six_weeks_ahead_without_the_holidays(soins, pro) -> None:
    plage, bilan = open_plage(soins, pro, regle=build_regle([2]), a=time(15), duree=60)
    # Wednesdays until 7 December; 11 November is a holiday.
    assert hours() == [f"{jour} 14:00" for jour in ("28/10", "04/11", "18/11", "25/11", "02/12")]
    assert plage.faite_jusque == date(2026, 12, 7)
    assert bilan.faits == 5
    assert services.fill_plages(cpts=soins.cpts) == 0, "made already"
    with horloge.at(LUNDI + timedelta(days=7)):
        assert services.fill_plages(cpts=soins.cpts) == 1
        assert services.fill_plages(cpts=soins.cpts) == 0
    assert hours()[-1] == "09/12 14:00"


def test_openings_over_the_change_of_the_clocks(soins, pro) -> None:
    with horloge.at(datetime(2026, 10, 24, 8, tzinfo=UTC)):
        open_plage(soins, pro, jour=date(2026, 10, 25), de=time(1), a=time(4), duree=30, feries="ouvert")
    debuts = list(Creneau.objects.order_by("debut").values_list("debut", "fin"))
    assert len({debut for debut, _ in debuts}) == 8
    assert {fin - debut for debut, fin in debuts} == {timedelta(minutes=30)}


@pytest.mark.parametrize(("fuseau", "heure"), [("Indian/Reunion", 10), ("America/Martinique", 18)])
def test_hours_are_those_of_the_community_s_clock(fuseau, heure) -> None:
    soins = make_soins(fuseau=fuseau)
    with use_cpts(soins.cpts.pk):
        open_plage(soins, make_pro(soins), jour=date(2026, 10, 27))
        assert Creneau.objects.first().debut == datetime(2026, 10, 27, heure, tzinfo=UTC)


def test_what_has_begun_is_not_made(soins, pro) -> None:
    open_plage(soins, pro, de=time(8), a=time(11), duree=60)
    assert hours() == ["26/10 10:00"], "eight is past, nine is now"


def test_a_day_far_ahead_is_made_at_once(soins, pro) -> None:
    _, bilan = open_plage(soins, pro, jour=date(2027, 3, 1))
    assert bilan.faits == 6
    assert services.fill_plages(cpts=soins.cpts) == 0


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"jour": date(2026, 10, 25)}, "passé"),
        ({"a": time(13)}, "après"),
        ({"duree": 3}, "5 minutes"),
        ({"audiences": []}, "qui peut voir"),
        ({"regle": "FREQ=SECONDLY"}, "répétition"),
        ({"a": time(14, 10)}, "Aucun créneau"),
        ({"jour": date(2026, 11, 11)}, "Aucun créneau"),
    ],
)
def test_what_is_refused_is_said(soins, pro, champs, mot) -> None:
    with pytest.raises(ActionRefusee, match=mot):
        open_plage(soins, pro, **champs)
    assert not Plage.objects.exists()


def test_somebody_else_s_place_is_refused(soins, pro) -> None:
    with pytest.raises(ActionRefusee, match="lieu de ce professionnel"):
        open_plage(soins, pro, lieu=make_pro(soins).lieu)


def test_a_slot_is_not_made_over_another_one(soins, pro) -> None:
    open_plage(soins, pro)
    autre = make_lieu(soins, pro.professionnel, libelle="Maison de santé")
    _, bilan = open_plage(soins, pro, lieu=autre, de=time(15), a=time(17))
    assert (bilan.faits, bilan.deja) == (3, 3)


# Hours of the PDSA ----------------------------------------------------------------------------------------------------


def test_hours_of_the_pdsa_are_kept_apart(soins, pro) -> None:
    plage, bilan = open_plage(soins, pro, de=time(19), a=time(21), duree=60)
    assert (bilan.faits, bilan.hors_aci) == (2, 1)
    assert list(Creneau.objects.order_by("debut").values_list("horaire", flat=True)) == ["mission", "pdsa"]
    assert plage.horaire == Horaire.MISSION
    samedi, _ = open_plage(soins, pro, jour=date(2026, 10, 31))
    assert samedi.horaire == Horaire.PDSA


def test_or_refused_where_the_community_decided_so(soins, pro) -> None:
    Reglages.objects.create(cpts=soins.cpts, pdsa_refusee=True)
    _, bilan = open_plage(soins, pro, de=time(19), a=time(21), duree=60)
    assert (bilan.faits, bilan.refuses) == (1, 1)
    with pytest.raises(ActionRefusee, match="permanence des soins"):
        open_plage(soins, pro, jour=date(2026, 10, 31))


# Holidays -------------------------------------------------------------------------------------------------------------


def test_holidays_open_and_close_by_the_settings(soins, pro) -> None:
    open_plage(soins, pro, regle=build_regle([2]), a=time(15), duree=60)
    reglages = get_reglages(soins.cpts.pk)
    reglages.ouvert_les_feries = True
    services.save_reglages(cpts=soins.cpts, reglages=reglages, by=soins.acteur)
    assert "11/11 14:00" in hours()
    assert Creneau.objects.get(debut__date=date(2026, 11, 11)).horaire == Horaire.PDSA
    reglages.ouvert_les_feries = False
    services.save_reglages(cpts=soins.cpts, reglages=reglages, by=soins.acteur)
    assert "11/11 14:00" not in hours()
    assert len(hours()) == 5


def test_an_opening_may_say_otherwise(soins, pro) -> None:
    open_plage(soins, pro, jour=date(2026, 11, 11), feries="ouvert", a=time(15), duree=60)
    assert hours() == ["11/11 14:00"]


# One touch ------------------------------------------------------------------------------------------------------------


def places(soins, pro, nombre=3, quand=DemiJournee.APRES_MIDI, **champs):
    return services.open_places(
        cpts=soins.cpts, professionnel=pro.professionnel, places=nombre, quand=quand, origine=Origine.EXPRES,
        by=pro.acteur, **champs,
    )  # fmt: skip


def test_three_places_this_afternoon(soins, pro) -> None:
    _, bilan = places(soins, pro)
    assert bilan.faits == 3
    assert hours() == ["26/10 14:00", "26/10 16:00", "26/10 18:00"]
    assert services.fill_plages(cpts=soins.cpts) == 0
    with horloge.at(LUNDI + timedelta(hours=7)):  # 16:00
        places(soins, pro, 1)
    assert hours()[1:3] == ["26/10 16:00", "26/10 16:20"], "around what is there, after now"


def test_places_go_around_what_is_taken_and_say_how_many_fit(soins, pro) -> None:
    Reglages.objects.create(cpts=soins.cpts, promis_a=time(15))
    make_creneau(soins, pro, debut=LUNDI + timedelta(hours=5), minutes=20)  # 14:00
    _, bilan = places(soins, pro, 5)
    assert bilan.faits == 2
    assert hours()[1:] == ["26/10 14:20", "26/10 14:40"]
    with pytest.raises(ActionRefusee, match="Plus de place"):
        places(soins, pro)


def test_places_this_morning_start_from_now(soins, pro) -> None:
    places(soins, pro, 2, DemiJournee.MATIN)
    assert hours() == ["26/10 09:05", "26/10 11:05"]


@pytest.mark.parametrize("nombre", [0, 13])
def test_a_sensible_number_of_places(soins, pro, nombre) -> None:
    with pytest.raises(ActionRefusee, match="d’une à"):
        places(soins, pro, nombre)


def test_a_place_is_needed_and_taken_from_the_directory(soins, pro) -> None:
    type(pro.lieu).objects.filter(pk=pro.lieu.pk).delete()
    with pytest.raises(ActionRefusee, match="ajoutez un lieu"):
        places(soins, pro)
    ActiviteFabrique(professionnel=pro.professionnel, commune=soins.villars, adresse="2 place Gambetta")
    plage, _ = places(soins, pro)
    assert (plage.lieu.libelle, plage.lieu.commune) == ("2 place Gambetta", soins.villars)
    services.take_lieux(cpts_id=soins.cpts.pk, professionnel=pro.professionnel, by=pro.acteur)
    assert type(plage.lieu).objects.count() == 1, "taken once"


# Other calendars and absences -----------------------------------------------------------------------------------------


def link_agenda(soins, pro) -> AgendaExterne:
    personne, _ = Personne.objects.get_or_create(
        cpts=soins.cpts, professionnel=pro.professionnel, defaults={"nom": "Durand", "prenom": "Sacha"}
    )
    return AgendaExterne.objects.create(
        cpts=soins.cpts, personne=personne, libelle="Cabinet", genre="ical", adresse_chiffree=b"x"
    )


def test_a_busy_calendar_takes_free_slots_out_and_gives_them_back(soins, pro) -> None:
    open_plage(soins, pro)
    pris = make_rendez_vous(soins, Creneau.objects.order_by("debut").first())
    agenda = link_agenda(soins, pro)
    keep_lecture(agenda=agenda, intervalles=[(LUNDI + timedelta(hours=5), LUNDI + timedelta(hours=5, minutes=50))])
    job = ProcrastinateJob.objects.get(task_name="soins.occupations")
    assert job.args == {"cpts_id": str(soins.cpts.pk), "professionnel_id": str(pro.professionnel.pk)}
    assert services.refresh_occupations(cpts=soins.cpts) == (2, 0)
    assert hours(etat=EtatCreneau.OCCUPE) == ["26/10 14:20", "26/10 14:40"]
    pris.creneau.refresh_from_db()
    assert pris.creneau.etat == EtatCreneau.RESERVE, "what is booked stays"
    assert services.refresh_occupations(cpts=soins.cpts) == (0, 0)
    Occupation.objects.all().delete()
    assert services.refresh_occupations(cpts=soins.cpts) == (0, 2)


def test_slots_are_made_busy_where_the_calendar_is(soins, pro) -> None:
    agenda = link_agenda(soins, pro)
    keep_lecture(agenda=agenda, intervalles=[(LUNDI + timedelta(hours=5), LUNDI + timedelta(hours=6))])
    _, bilan = open_plage(soins, pro)
    assert (bilan.faits, bilan.occupes) == (6, 3)


def test_a_slot_does_not_come_back_over_another_one(soins, pro) -> None:
    occupe = make_creneau(soins, pro, debut=LUNDI + timedelta(hours=5), etat=EtatCreneau.OCCUPE)
    libre = make_creneau(soins, pro, debut=LUNDI + timedelta(hours=7), etat=EtatCreneau.OCCUPE)
    make_creneau(soins, pro, debut=occupe.debut)
    assert services.refresh_occupations(cpts=soins.cpts) == (0, 1)
    libre.refresh_from_db()
    assert libre.etat == EtatCreneau.LIBRE


def test_an_absence_takes_the_days_out(soins, pro) -> None:
    open_plage(soins, pro, regle=build_regle([0, 1]), a=time(15), duree=60)
    absence = declare_absence(
        cpts_id=soins.cpts.pk,
        professionnel=pro.professionnel,
        du=date(2026, 11, 2),
        au=date(2026, 11, 2),
        by=pro.acteur,
    )
    assert ProcrastinateJob.objects.filter(task_name="soins.occupations").exists()
    services.refresh_occupations(cpts=soins.cpts, professionnel_ids=[pro.professionnel.pk])
    assert hours(etat=EtatCreneau.OCCUPE) == ["02/11 14:00"]
    cancel_absence(absence=absence, by=pro.acteur)
    services.refresh_occupations(cpts=soins.cpts, professionnel_ids=[pro.professionnel.pk])
    assert hours(etat=EtatCreneau.OCCUPE) == []


# Withdrawing ----------------------------------------------------------------------------------------------------------


def test_a_slot_is_withdrawn_and_given_back(soins, pro) -> None:
    creneau = make_creneau(soins, pro)
    assert services.withdraw_creneau(creneau_id=creneau.pk, by=pro.acteur).etat == EtatCreneau.RETIRE
    services.withdraw_creneau(creneau_id=creneau.pk, by=pro.acteur)
    assert services.restore_creneau(creneau_id=creneau.pk, by=pro.acteur).etat == EtatCreneau.LIBRE
    services.restore_creneau(creneau_id=creneau.pk, by=pro.acteur)
    services.withdraw_creneau(creneau_id=creneau.pk, by=pro.acteur)
    make_creneau(soins, pro, debut=creneau.debut)
    with pytest.raises(ActionRefusee, match="Un autre créneau"):
        services.restore_creneau(creneau_id=creneau.pk, by=pro.acteur)
    with horloge.at(creneau.fin), pytest.raises(ActionRefusee, match="passée"):
        services.restore_creneau(creneau_id=creneau.pk, by=pro.acteur)


def test_a_booked_slot_is_not_withdrawn(soins, pro) -> None:
    pris = make_rendez_vous(soins, make_creneau(soins, pro))
    with pytest.raises(ActionRefusee, match="Quelqu’un"):
        services.withdraw_creneau(creneau_id=pris.creneau_id, by=pro.acteur)


def test_an_opening_is_withdrawn_its_appointments_stay_and_the_gesture_is_undone(soins, pro) -> None:
    plage, _ = open_plage(soins, pro)
    premier, deuxieme, *_ = Creneau.objects.order_by("debut")
    make_rendez_vous(soins, premier)
    services.withdraw_creneau(creneau_id=deuxieme.pk, by=pro.acteur)
    with horloge.at(LUNDI + timedelta(seconds=1)):
        retrait = services.withdraw_plage(plage_id=plage.pk, by=pro.acteur)
    assert (retrait.retires, retrait.gardes) == (4, [premier])
    assert services.withdraw_plage(plage_id=plage.pk, by=pro.acteur).retires == 0
    assert services.fill_plages(cpts=soins.cpts) == 0
    assert services.restore_plage(plage_id=plage.pk, moment=retrait.moment, by=pro.acteur) == 4
    plage.refresh_from_db()
    assert plage.retiree_le is None
    assert hours(etat=EtatCreneau.RETIRE) == ["26/10 14:20"], "withdrawn before, by another gesture"


def test_a_day_is_withdrawn_over_all_openings_and_given_back(soins, pro) -> None:
    plage, _ = open_plage(soins, pro, regle=build_regle([1]), a=time(15), duree=60)
    autre = make_plage(soins, pro, jour=date(2026, 10, 28))
    jour = {"cpts": soins.cpts, "professionnel_id": pro.professionnel.pk, "jour": date(2026, 10, 27), "by": pro.acteur}
    retrait = services.withdraw_jour(**jour)
    assert (retrait.retires, retrait.gardes) == (1, [])
    plage.refresh_from_db()
    autre.refresh_from_db()
    assert (plage.sauf, autre.sauf) == ([date(2026, 10, 27)], [])
    assert "27/10 14:00" not in hours()
    assert services.restore_jour(**jour, moment=retrait.moment) == 1
    plage.refresh_from_db()
    assert plage.sauf == []
    assert hours()[0] == "27/10 14:00"


# Places and the morning's question ------------------------------------------------------------------------------------


def test_a_place_is_closed_once_no_opening_uses_it(soins, pro) -> None:
    plage, _ = open_plage(soins, pro)
    with pytest.raises(ActionRefusee, match="plages"):
        services.close_lieu(lieu=pro.lieu, by=pro.acteur)
    services.withdraw_plage(plage_id=plage.pk, by=pro.acteur)
    services.close_lieu(lieu=pro.lieu, by=pro.acteur)
    assert services.take_lieux(cpts_id=soins.cpts.pk, professionnel=pro.professionnel, by=pro.acteur) == []
    with pytest.raises(ActionRefusee, match="déjà un lieu de ce nom"):
        services.save_lieu(
            lieu=type(pro.lieu)(
                cpts=soins.cpts, professionnel=pro.professionnel, libelle="Cabinet", commune=soins.villars
            ),
            by=pro.acteur,
        )


@pytest.mark.parametrize(
    ("heure", "jour", "attendu"),
    [(6, 26, 1), (4, 26, 0), (9, 26, 0), (6, 25, 0)],
    ids=["seven in Paris", "too early", "too late", "Sunday"],
)
def test_the_question_of_the_morning_goes_once_to_who_wants_it(soins, pro, heure, jour, attendu) -> None:
    habitude = services.take_habitude(cpts_id=soins.cpts.pk, professionnel=pro.professionnel, by=pro.acteur)
    with horloge.at(datetime(2026, 10, jour, heure, 5, tzinfo=UTC)):
        assert services.ask_matin(cpts=soins.cpts) == 0
        habitude.matin = True
        services.save_habitude(habitude=habitude, by=pro.acteur)
        assert services.ask_matin(cpts=soins.cpts) == attendu
        assert services.ask_matin(cpts=soins.cpts) == 0
    assert Message.objects.count() == attendu
    assert Lien.objects.filter(but=services.LIEN_PLACES).count() == attendu


def test_nobody_away_or_on_a_holiday_is_asked(soins, pro) -> None:
    habitude = services.take_habitude(cpts_id=soins.cpts.pk, professionnel=pro.professionnel, by=pro.acteur)
    habitude.matin = True
    services.save_habitude(habitude=habitude, by=pro.acteur)
    with horloge.at(datetime(2026, 11, 11, 6, 30, tzinfo=UTC)):
        assert services.ask_matin(cpts=soins.cpts) == 0
    declare_absence(
        cpts_id=soins.cpts.pk, professionnel=pro.professionnel, du=date(2026, 11, 12), au=date(2026, 11, 12),
        by=pro.acteur,
    )  # fmt: skip
    with horloge.at(datetime(2026, 11, 12, 6, 30, tzinfo=UTC)):
        assert services.ask_matin(cpts=soins.cpts) == 0
