"""Unscheduled care in figures: every figure is worked out by hand from what the test wrote; no figure names anybody."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fabriques.soins import make_pro, make_soins
from fabriques.soins_chiffres import (
    JEUDI,
    LUNDI,
    MAINTENANT,
    MARDI,
    PARIS,
    SEMAINE,
    ask,
    at,
    figure,
    give,
    slot,
    solicit,
)
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.missions.soins_non_programmes.declarations import INDICATEURS
from maillon.missions.soins_non_programmes.enums import (
    EtatCreneau,
    EtatDemande,
    EtatRendezVous,
    Horaire,
    MotifRefus,
)
from maillon.missions.soins_non_programmes.selectors import (
    chiffres,
    equite,
    indicateurs,
    tensions,
)
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _horloge():
    with horloge.at(MAINTENANT):
        yield


# The figures of the contract ---------------------------------------------------------------------------------------


def test_slots_count_when_they_were_offered_at_the_hours_of_the_mission(soins):
    with use_cpts(soins.cpts.pk):
        medecin, autre = make_pro(soins, generaliste=True), make_pro(soins, generaliste=True)
        infirmier = make_pro(soins)
        slot(soins, medecin, at(LUNDI, 14))
        slot(soins, medecin, at(LUNDI, 15), etat=EtatCreneau.RESERVE)
        slot(soins, infirmier, at(MARDI, 14))
        slot(soins, autre, at(MARDI, 14), audiences=["CPTS"])
        # None of these counts: taken back, busy elsewhere, PDSA, the day after the period, before it.
        slot(soins, medecin, at(LUNDI, 16), etat=EtatCreneau.RETIRE)
        slot(soins, medecin, at(LUNDI, 17), etat=EtatCreneau.OCCUPE)
        slot(soins, medecin, at(LUNDI, 21), horaire=Horaire.PDSA)
        slot(soins, medecin, at(JEUDI, 0))
        slot(soins, medecin, at(LUNDI - timedelta(days=1), 23, 30), 29)
        assert figure(soins, "creneaux") == (4, 4)
        # The SAS is shown what a community is.
        assert figure(soins, "medecins_sas") == (2, 2)


def test_a_doctor_with_many_slots_counts_once(soins):
    with use_cpts(soins.cpts.pk):
        medecin = make_pro(soins, generaliste=True)
        for heure in (14, 15, 16):
            slot(soins, medecin, at(LUNDI, heure))
        assert figure(soins, "medecins_sas") == (1, 1)
        actes = [indicateurs.medecin_to_acte(row) for row in indicateurs.list_medecins_sas(soins.cpts.pk, LUNDI, JEUDI)]
    assert [acte.le for acte in actes] == [LUNDI]


def test_appointments_given_kept_and_missed(soins):
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins)
        etats = [EtatRendezVous.HONORE] * 3 + [EtatRendezVous.ABSENT, EtatRendezVous.CONFIRME, EtatRendezVous.ANNULE]
        for rang, etat in enumerate(etats):
            give(soins, slot(soins, pro, at(LUNDI, 14 + rang)), etat)
        give(soins, slot(soins, pro, at(LUNDI, 21), horaire=Horaire.PDSA), EtatRendezVous.HONORE)
        assert [figure(soins, code)[0] for code in ("rendez_vous", "honores", "manques")] == [5, 3, 1]
        bilan = chiffres.compute_bilan(soins.cpts.pk, SEMAINE)
    assert (bilan.donnes, bilan.honores, bilan.manques, bilan.part_manquee) == (5, 3, 1, 0.25)


def test_delay_and_share_answered_in_a_day(soins):
    with use_cpts(soins.cpts.pk):
        for minutes in (10, 20, 90, 26 * 60):
            ask(soins, at(LUNDI, 9), minutes)
        ask(soins, at(LUNDI, 9), None)  # waits since more than a day: not answered in the day
        ask(soins, at(date(2026, 3, 11), 11), None)  # since one hour: nobody knows yet
        ask(soins, at(LUNDI, 9), None, etat=EtatDemande.ANNULEE)
        assert figure(soins, "delai") == (4, 55)  # between 20 and 90
        assert figure(soins, "dans_la_journee") == (5, 60)  # 3 of 5


def test_hours_are_counted_once_and_within_the_promise(soins):
    """Compared with a set of minutes filled by hand."""
    presences = [
        (at(LUNDI, 13, 30), 40),  # to 14:10
        (at(LUNDI, 14, 30), 60),
        (at(LUNDI, 15), 20),  # within the former
        (at(LUNDI, 16), 60),
        (at(LUNDI, 19, 50), 60),  # to 20:50
        (at(MARDI, 9), 60),  # a morning
        (at(MARDI, 14), 30),
    ]
    minutes = set()
    for debut, duree in presences:
        for rang in range(duree):
            moment = (debut + timedelta(minutes=rang)).astimezone(PARIS)
            if 14 <= moment.hour < 20:
                minutes.add(moment)
    with use_cpts(soins.cpts.pk):
        pros = [make_pro(soins, generaliste=True) for _ in range(3)]
        for rang, (debut, duree) in enumerate(presences):
            slot(soins, pros[rang % 3], debut, duree)
        slot(soins, make_pro(soins), at(LUNDI, 17), 60)  # a nurse covers nothing of the doctors'
        nombre, heures = figure(soins, "heures_medecin")
        assert float(heures) == pytest.approx(len(minutes) / 60, abs=0.01) == pytest.approx(2.83, abs=0.01)
        assert nombre == 6
        assert figure(soins, "heures_infirmier")[1] == 1
        assert figure(soins, "heures_kinesitherapeute")[1] == 0


def test_hours_are_those_of_the_community_overseas():
    soins = make_soins(fuseau="Indian/Reunion")
    reunion = ZoneInfo("Indian/Reunion")
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins, generaliste=True)
        slot(soins, pro, datetime(2026, 3, 9, 19, tzinfo=reunion), 60)  # 16 h in Paris
        slot(soins, pro, datetime(2026, 3, 9, 13, tzinfo=reunion), 60)
        # 23:30 on Sunday there is Sunday evening in Paris too; half past midnight there is still Sunday in Paris.
        slot(soins, pro, datetime(2026, 3, 9, 0, 30, tzinfo=reunion), 20)
        assert figure(soins, "heures_medecin")[1] == 1
        assert figure(soins, "creneaux")[0] == 3


def test_acts_name_nobody_and_keep_their_reference(soins):
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins, generaliste=True, nom="Rareté")
        creneau = slot(soins, pro, at(LUNDI, 14))
        rendez_vous = give(soins, creneau, EtatRendezVous.HONORE, empreinte="e" * 64)
        demande = ask(soins, at(LUNDI, 9), 20)
        for declare in INDICATEURS:
            for row in declare.rows(soins.cpts.pk, LUNDI, JEUDI):
                acte = declare.to_acte(row)
                assert acte == declare.to_acte(row)
                assert len(acte.empreinte) == 64
                texte = repr(acte)
                for secret in ("Rareté", str(pro.professionnel.pk), str(row.pk), demande.reference):
                    assert secret not in texte
        lus = [indicateurs.rendez_vous_to_acte(r) for r in indicateurs.list_rendez_vous(soins.cpts.pk, LUNDI, JEUDI)]
    assert [(acte.le, acte.empreinte) for acte in lus] == [(LUNDI, rendez_vous.empreinte)]


# Demand and offer --------------------------------------------------------------------------------------------------


def test_demand_stands_at_its_hour_and_hides_the_few(soins):
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins, generaliste=True)
        for rang in range(12):
            ask(soins, at(LUNDI, 17, rang), 5)
        for rang in range(11):
            ask(soins, at(MARDI, 9, rang), 5)
        for rang in range(3):
            ask(soins, at(MARDI, 10, rang), 5)
        ask(soins, at(MARDI, 7), 5)
        ask(soins, at(LUNDI, 17), None, etat=EtatDemande.ANNULEE)
        # Taken straight on a slot: one more at 10 o'clock; the answer to a request counts once, at its filing.
        give(soins, slot(soins, pro, at(LUNDI, 17)), EtatRendezVous.HONORE)
        demande = ask(soins, at(MARDI, 9, 30), 5)
        give(soins, slot(soins, pro, at(MARDI, 17)), EtatRendezVous.HONORE, demande=demande)
        vues = tensions.compute_tensions(soins.cpts.pk, SEMAINE)
        lundi = tensions.compute_tensions(soins.cpts.pk, SEMAINE, jour=1)
    case = vues.cases[Profession.MEDECIN, 17]
    assert (case.demandes, case.places, case.rapport) == (12, 2, 6)
    # 4 people at 10 o'clock and nobody at 8: hidden alike, and one cell more so that they are not found by subtraction.
    assert vues.cases[Profession.MEDECIN, 10].demandes is None
    assert vues.cases[Profession.MEDECIN, 8].demandes is None
    assert (vues.demandes, vues.hors_heures, vues.places) == (29, 1, 2)
    assert vues.find_pire().heure == 17
    assert lundi.places == 1


# People ------------------------------------------------------------------------------------------------------------


def test_whom_the_cascade_asks_and_why_they_decline(soins):
    with use_cpts(soins.cpts.pk):
        pros = [make_pro(soins) for _ in range(5)]
        for pro in pros:
            solicit(soins, pro, EtatSollicitation.ACCEPTEE)
        solicit(soins, pros[0], EtatSollicitation.REFUSEE, MotifRefus.COMPLET)
        solicit(soins, pros[0], EtatSollicitation.REFUSEE, MotifRefus.COMPLET)
        solicit(soins, pros[1], EtatSollicitation.REFUSEE, MotifRefus.ABSENT)
        solicit(soins, pros[1], EtatSollicitation.EXPIREE)
        (groupe,) = equite.compute_equite(soins.cpts.pk, SEMAINE)
        refus = equite.count_refus(soins.cpts.pk, SEMAINE)
    assert (groupe.total("demandees"), groupe.total("acceptees"), groupe.total("refusees")) == (9, 5, 3)
    assert (groupe.mediane, groupe.extremes) == (1, (1, 3))
    assert refus == [(str(MotifRefus.COMPLET.label), 2), (str(MotifRefus.ABSENT.label), 1)]
    assert equite.Groupe("60", groupe.parts[:4]).mediane is None
