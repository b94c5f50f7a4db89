"""Unscheduled care in figures: every figure is worked out by hand from what the test wrote; no figure names anybody."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from fabriques.annuaire import ProfessionnelFabrique
from fabriques.droits import enter, make_membre
from fabriques.gardes import make_garde, make_participant, make_poste, make_tableau
from fabriques.medecin_traitant import Guichet
from fabriques.patients import make_patient
from fabriques.personnes import PersonneFabrique
from fabriques.soins import Pro, make_creneau, make_plage, make_pro, make_soins
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.gardes.enums import EtatGarde, EtatTableau
from maillon.communaute.sollicitations.enums import EtatAppel, EtatSollicitation
from maillon.communaute.sollicitations.models import Absence, Appel, Sollicitation
from maillon.missions.soins_non_programmes.declarations import INDICATEURS
from maillon.missions.soins_non_programmes.enums import (
    EtatCreneau,
    EtatDemande,
    EtatRendezVous,
    Horaire,
    MotifAnnulation,
    MotifRefus,
    Origine,
    Reponse,
)
from maillon.missions.soins_non_programmes.models import (
    GENRE,
    ActionRefusee,
    Creneau,
    DemandeSoin,
    Reglages,
    RendezVous,
)
from maillon.missions.soins_non_programmes.selectors import (
    chiffres,
    equite,
    indicateurs,
    promesses,
    simulation,
    tensions,
)
from maillon.missions.soins_non_programmes.selectors.alertes_chiffres import list_alertes_blancs, say_blanc
from maillon.missions.soins_non_programmes.selectors.periodes import Periode
from maillon.missions.soins_non_programmes.services.ouvertures_demandees import ask_ouverture
from maillon.pilotage.contrats.actes import measure
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
# A Wednesday at noon; its week is the last one of the period.
MAINTENANT = datetime(2026, 3, 11, 12, tzinfo=PARIS)
LUNDI, MARDI, JEUDI = date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 12)
SEMAINE = Periode(LUNDI, LUNDI + timedelta(days=7))
_numeros = count(1)


def at(jour: date, heure: int, minute: int = 0) -> datetime:
    return datetime(jour.year, jour.month, jour.day, heure, minute, tzinfo=PARIS).astimezone(UTC)


@pytest.fixture(autouse=True)
def _horloge():
    with horloge.at(MAINTENANT):
        yield


@pytest.fixture
def soins() -> Guichet:
    return make_soins()


def slot(soins: Guichet, pro: Pro, debut: datetime, minutes: int = 60, **champs) -> Creneau:
    return make_creneau(soins, pro, debut=debut, minutes=minutes, **champs)


def give(soins: Guichet, creneau: Creneau, etat: EtatRendezVous, **champs) -> RendezVous:
    """A booking in this state, taken at 10 o'clock unless told."""
    numero = next(_numeros)
    annule = etat == EtatRendezVous.ANNULE
    valeurs = {
        "pris_le": at(creneau.debut.date(), 10),
        "confirme_le": at(creneau.debut.date(), 10),
        "annule_le": at(creneau.debut.date(), 11) if annule else None,
        "motif_annulation": MotifAnnulation.PATIENT if annule else "",
        "origine": Origine.PHARMACIE,
        **champs,
    }
    return RendezVous.objects.create(
        cpts=soins.cpts,
        creneau=creneau,
        etat=etat,
        patient=make_patient(soins.cpts),
        cle_depot=f"rdv-{numero}",
        **valeurs,
    )


def ask(soins: Guichet, depot: datetime, minutes: int | None, **champs) -> DemandeSoin:
    """A request filed at this moment, answered so many minutes later (None: not answered)."""
    numero = next(_numeros)
    repondu = {
        "etat": EtatDemande.ORIENTEE,
        "reponse": Reponse.ACCUEIL,
        "repondue_le": depot + timedelta(minutes=minutes or 0),
    }
    valeurs = {
        "profession": Profession.MEDECIN,
        "origine": Origine.PHARMACIE,
        "prochaine_le": depot + timedelta(hours=1),
        **(repondu if minutes is not None else {}),
        **champs,
    }
    return DemandeSoin.objects.create(
        cpts=soins.cpts,
        reference=f"S{numero}",
        patient=make_patient(soins.cpts),
        commune=soins.saint_etienne,
        avant_le=depot + timedelta(hours=24),
        deposee_le=depot,
        cle_depot=f"demande-{numero}",
        **valeurs,
    )


def figure(soins: Guichet, code: str, debut: date = LUNDI, fin: date = JEUDI):
    """The figure of the contract, as steering measures it."""
    declare = next(d for d in INDICATEURS if d.code == f"soins_non_programmes.{code}")
    return measure(declare, declare.rows(soins.cpts.pk, debut, fin))


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
        # The other doctor shows the SAS nothing.
        assert figure(soins, "medecins_sas") == (1, 1)


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


# The promise -------------------------------------------------------------------------------------------------------


def keep_promise(soins: Guichet, *, sauf: tuple[tuple[date, str], ...] = ()) -> dict[str, Pro]:
    """A doctor, a physiotherapist and a nurse every afternoon of the two weeks ahead, but for some."""
    pros = {
        Profession.MEDECIN: make_pro(soins, generaliste=True),
        Profession.MASSEUR_KINESITHERAPEUTE: make_pro(soins, profession=Profession.MASSEUR_KINESITHERAPEUTE),
        Profession.INFIRMIER: make_pro(soins),
    }
    make_plage(soins, pros[Profession.MEDECIN])
    for rang in range(15):
        jour = MAINTENANT.date() + timedelta(days=rang)
        for profession, pro in pros.items():
            if jour.weekday() < 5 and (jour, profession) not in sauf:
                slot(soins, pro, at(jour, 14), 360)
    return pros


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


# People ------------------------------------------------------------------------------------------------------------


def solicit(soins: Guichet, pro: Pro, etat: EtatSollicitation, motif: str = "") -> None:
    appel = Appel.objects.create(
        cpts=soins.cpts,
        genre=GENRE,
        objet_id=ask(soins, at(LUNDI, 9), 5).pk,
        etat=EtatAppel.CLOS,
        delai=timedelta(minutes=10),
        ouvert_le=at(LUNDI, 9),
        clos_le=at(LUNDI, 10),
    )
    Sollicitation.objects.create(
        cpts=soins.cpts,
        appel=appel,
        professionnel=pro.professionnel,
        vague=1,
        rang=1,
        etat=etat,
        motif_refus=motif,
        envoyee_le=at(LUNDI, 9),
        expire_le=at(LUNDI, 10),
        repondue_le=at(LUNDI, 9, 5) if etat != EtatSollicitation.EXPIREE else None,
    )


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


# The pages ---------------------------------------------------------------------------------------------------------


def fill(soins: Guichet) -> Pro:
    pro = make_pro(soins, generaliste=True, nom="Reconnaissable")
    make_plage(soins, pro)
    creneau = slot(soins, pro, at(LUNDI, 14))
    give(soins, creneau, EtatRendezVous.HONORE)
    ask(soins, at(LUNDI, 9), 20)
    solicit(soins, pro, EtatSollicitation.REFUSEE, MotifRefus.COMPLET)
    return pro


def test_the_bureau_reads_totals_and_the_desk_names(soins):
    with use_cpts(soins.cpts.pk):
        fill(soins)
    adresse = reverse("soins_chiffres", args=[soins.cpts.slug])
    bureau = enter(Client(), make_membre(soins.cpts, Role.BUREAU).compte).get(adresse)
    coordination = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte).get(adresse)
    assert bureau.status_code == coordination.status_code == 200
    assert "Reconnaissable" not in bureau.content.decode()
    assert "Reconnaissable" in coordination.content.decode()
    assert "Martin" not in coordination.content.decode()


def test_exports_hold_what_the_page_shows(soins):
    with use_cpts(soins.cpts.pk):
        fill(soins)
    client = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    adresse = reverse("soins_chiffres", args=[soins.cpts.slug])
    texte = client.get(adresse, {"export": "csv"}).content.decode("utf-8-sig")
    lignes = list(csv.reader(io.StringIO(texte), delimiter=";"))
    assert ["Créneaux ouverts", "1"] in [ligne[:2] for ligne in lignes]
    assert ["Médecins dans le SAS", "1"] in [ligne[:2] for ligne in lignes]
    assert client.get(adresse, {"export": "xlsx"}).content.startswith(b"PK")
    assert client.get(adresse, {"export": "pdf"}).content.startswith(b"%PDF")
    assert client.get(adresse, {"export": "exe"}).status_code == 404


def test_queries_do_not_grow(soins, django_assert_max_num_queries):
    client = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    adresses = [reverse(nom, args=[soins.cpts.slug]) for nom in ("soins_chiffres", "soins_simulation")]
    with use_cpts(soins.cpts.pk):
        fill(soins)
    mesures = []
    for adresse in adresses:
        client.get(adresse)
        with django_assert_max_num_queries(70) as avant:
            client.get(adresse)
        mesures.append(len(avant))
    with use_cpts(soins.cpts.pk):
        for _ in range(3):
            fill(soins)
    for adresse, nombre in zip(adresses, mesures, strict=True):
        with django_assert_max_num_queries(nombre):
            client.get(adresse)


def test_asking_from_the_page_says_to_how_many(soins):
    with use_cpts(soins.cpts.pk):
        pro = keep_promise(soins, sauf=((JEUDI, Profession.INFIRMIER),))[Profession.INFIRMIER]
        PersonneFabrique(cpts=soins.cpts, professionnel=pro.professionnel, courriel="sacha@example.org")
    client = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    adresse = reverse("soins_demander_ouverture", args=[soins.cpts.slug])
    envoi = client.post(adresse, {"blanc": f"{JEUDI.isoformat()}:60"}, follow=True)
    assert "1 message envoyé" in envoi.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    refus = client.post(adresse, {"blanc": "n’importe quoi"}, follow=True)
    assert "plus rien à demander" in refus.content.decode()


def test_a_simulation_compares_and_refuses_what_means_nothing(soins):
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins, generaliste=True)
        slot(soins, pro, at(LUNDI, 14))
        for minute in (0, 1, 2):
            ask(soins, at(LUNDI, 13, minute), 5)
    client = enter(Client(), make_membre(soins.cpts, Role.PRESIDENT).compte)
    adresse = reverse("soins_simulation", args=[soins.cpts.slug])
    variante = {
        "periode": "13",
        "v1-sens": "plus",
        "v1-combien": "1",
        "v1-profession": "10",
        "v1-jours": ["0"],
        "v1-de": "15:00",
        "v1-a": "15:20",
        "v1-duree": "20",
    }
    page = client.get(adresse, variante)
    comparaison = page.context["comparaison"]
    assert [v.total("jour_meme") for v in comparaison.variantes] == [1, 2]
    assert [v.total("perdues") for v in comparaison.variantes] == [2, 1]
    assert comparaison.titre.replace("\u00a0", " ").startswith("Variante A : 1 personne de plus")
    refus = client.get(adresse, {**variante, "v1-a": "14:00"})
    assert refus.status_code == 422
    assert "L’heure de fin vient après l’heure de début." in refus.content.decode()
    assert client.get(adresse).status_code == 200


def test_an_offer_is_changed_since_the_activity_began_and_not_on_closed_days(soins):
    with use_cpts(soins.cpts.pk), horloge.at(datetime(2026, 4, 8, 12, tzinfo=PARIS)):
        ask(soins, at(date(2026, 4, 2), 13), 5)
        matiere = simulation.read_matiere(soins.cpts, Periode(date(2026, 3, 2), date(2026, 4, 9)))
    # From Thursday 2 April, without Easter Monday.
    assert [jour.day for jour in matiere.jours] == [2, 3, 4, 5, 7, 8]


def test_empty_pages_say_what_to_do(soins):
    client = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    assert "Rien à compter encore" in client.get(reverse("soins_chiffres", args=[soins.cpts.slug])).content.decode()
    page = client.get(reverse("soins_simulation", args=[soins.cpts.slug]))
    assert "Aucune demande à rejouer" in page.content.decode()


def test_hours_of_an_act_sum_to_the_figure(soins):
    with use_cpts(soins.cpts.pk):
        pro, autre = make_pro(soins, generaliste=True), make_pro(soins, generaliste=True)
        slot(soins, pro, at(LUNDI, 14))
        slot(soins, autre, at(LUNDI, 14, 30))
        rows = indicateurs.list_heures(Profession.MEDECIN, soins.cpts.pk, LUNDI, JEUDI)
        actes = [indicateurs.heures_to_acte(row).etat for row in rows]
        total = rows.aggregate(total=Sum("heures"))["total"]
    assert (actes, total) == (["1,00 h", "0,50 h"], 1.5)
