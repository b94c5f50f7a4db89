"""What upper rooms pull: indicators and their acts, sentences of home pages, personal data."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fabriques.medecin_traitant import (
    Guichet,
    make_demande,
    make_medecin,
)
from maillon.missions.medecin_traitant import declarations, services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Demande
from maillon.missions.medecin_traitant.selectors import list_candidats, tranche_age, view_as_medecin
from maillon.missions.medecin_traitant.selectors.totaux import list_alertes
from maillon.socle import horloge
from maillon.socle.courriels.models import Message
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import SYSTEME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]
DEBUT, FIN = date(2026, 3, 3), date(2027, 3, 3)
INDICATEURS = {indicateur.code.partition(".")[2]: indicateur for indicateur in declarations.INDICATEURS}


def at(*parts: int):
    return horloge.at(datetime(*parts, tzinfo=ZoneInfo("Europe/Paris")))


def count(guichet: Guichet, code: str) -> int:
    return INDICATEURS[code].rows(guichet.cpts.pk, DEBUT, FIN).count()


def place(guichet: Guichet, **champs: object) -> Demande:
    with at(2026, 6, 1, 10, 0):
        return make_demande(guichet, etat=Etat.PLACEE, medecins=[make_medecin(guichet)], **champs)


@pytest.mark.parametrize(
    ("champs", "counted"),
    [
        ({"annee_naissance": 1990}, {"16_ans"}),
        ({"annee_naissance": 2010}, {"16_ans"}),
        ({"annee_naissance": 2011}, set()),
        ({"annee_naissance": 1990, "ald": True}, {"16_ans", "ald"}),
        ({"annee_naissance": 1990, "c2s": True}, {"16_ans"}),
        ({"annee_naissance": 1990, "ald": True, "c2s": True}, {"16_ans", "ald", "c2s_ald"}),
        ({"annee_naissance": 1955}, {"16_ans", "plus_de_70"}),
        ({"annee_naissance": 1956}, {"16_ans"}),
        ({"annee_naissance": 1940, "ald": True, "c2s": True, "ame": True}, set()),
    ],
)
def test_each_placement_counts_where_it_must(guichet: Guichet, champs: dict, counted: set[str]):
    place(guichet, **champs)
    found = {code for code in ("ald", "16_ans", "c2s_ald", "plus_de_70") if count(guichet, code)}
    assert found == counted


def test_the_period_is_half_open(guichet: Guichet):
    medecin = make_medecin(guichet)
    for moment in ((2026, 3, 2, 23, 59), (2026, 3, 3, 0, 0), (2027, 3, 2, 23, 59), (2027, 3, 3, 0, 0)):
        with at(*moment):
            demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin], ald=True)
            services.confirm_by_patient(demande_id=demande.pk, oui=True, by=SYSTEME)
            services.update_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, places=3, by=SYSTEME)
    assert count(guichet, "ald") == 2


def test_a_reopened_placement_no_longer_counts(guichet: Guichet):
    demande = place(guichet, ald=True)
    assert count(guichet, "ald") == 1
    services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)
    assert count(guichet, "ald") == 0


def test_the_delay_runs_from_filing_to_the_patients_yes(guichet: Guichet):
    with at(2026, 6, 1, 10, 0):
        demande = make_demande(guichet, etat=Etat.QUALIFIEE)
        medecin = make_medecin(guichet)
    with at(2026, 6, 11, 22, 0):
        propositions = services.propose_demande(
            demande_id=demande.pk, professionnel_ids=[medecin.pk], by=guichet.acteur
        )
        services.accept_proposition(proposition_id=propositions[0].pk, by=SYSTEME)
        services.confirm_by_patient(demande_id=demande.pk, oui=True, by=SYSTEME)
    indicateur = INDICATEURS["delai"]
    assert indicateur.rows(guichet.cpts.pk, DEBUT, FIN).get().delai_jours == pytest.approx(10.5)
    assert indicateur.fact == "delai_jours"


def test_an_act_tells_nobody(guichet: Guichet, django_assert_num_queries):
    demande = place(guichet, nom="Canari", prenom="Zoé", ald=True)
    indicateur = INDICATEURS["ald"]
    row = indicateur.rows(guichet.cpts.pk, DEBUT, FIN).get()
    with django_assert_num_queries(0):
        acte = indicateur.to_acte(row)
        assert str(demande.pk) in indicateur.url_row(row)
    assert (acte.le, acte.commune, acte.empreinte) == (date(2026, 6, 1), "Saint-Étienne", demande.empreinte)
    assert len(acte.empreinte) == 64
    for secret in (demande.reference, str(demande.pk), str(demande.patient_id), "Canari", "Zoé"):
        assert secret not in str(acte)
    assert indicateur.to_acte(row).reference == acte.reference, "stable"


def test_volunteer_doctors(guichet: Guichet):
    with at(2026, 5, 1, 9, 0):
        medecin = make_medecin(guichet, places=2)
        make_medecin(guichet, places=0)
        make_medecin(guichet, places=None)
    indicateur = INDICATEURS["volontaires"]
    row = indicateur.rows(guichet.cpts.pk, DEBUT, FIN).get()
    assert row.professionnel_id == medecin.pk
    assert medecin.nom not in str(indicateur.to_acte(row))
    assert indicateur.url_row(row)


def test_declarations_are_found():
    assert set(declarations.INDICATEURS) <= set(collect("indicateurs"))
    assert set(declarations.EFFACEMENTS) <= set(collect("effacements"))


# Home pages


def test_sentences_of_the_desk(guichet: Guichet):
    moment = horloge.now()
    with horloge.at(moment - timedelta(days=40)):
        for _ in range(3):
            make_demande(guichet)
    make_demande(guichet, etat=Etat.PROPOSEE)
    phrases = [alerte.phrase for alerte in list_alertes(guichet.cpts.pk, guichet.acteur, moment)]
    assert "Trois demandes de médecin traitant attendent depuis plus de 30 jours." in phrases
    assert "Trois demandes de médecin traitant sont à qualifier." in phrases
    assert "La date prévue est passée pour trois demandes de médecin traitant." in phrases
    later = moment + timedelta(days=4, hours=12)
    with horloge.at(later):
        phrases = [alerte.phrase for alerte in list_alertes(guichet.cpts.pk, guichet.acteur, later)]
    assert "Une proposition à un médecin expire d’ici demain." in phrases


def test_sentences_cost_the_same_however_many(guichet: Guichet, django_assert_num_queries):
    for _ in range(4):
        make_demande(guichet, etat=Etat.PROPOSEE)
    with django_assert_num_queries(3):
        list_alertes(guichet.cpts.pk, guichet.acteur, horloge.now())


# What doctors see, how they are ranked, what mails say


@pytest.mark.parametrize(
    ("annee", "tranche"),
    [
        (2020, "moins de 16 ans"),
        (2000, "16 à 40 ans"),
        (1970, "41 à 70 ans"),
        (1940, "plus de 70 ans"),
        (None, "âge non précisé"),
    ],
)
def test_age_bands(guichet: Guichet, annee: int | None, tranche: str):
    with at(2026, 6, 1, 10, 0):
        assert tranche_age(make_demande(guichet, annee_naissance=annee)) == tranche


def test_a_doctor_never_learns_the_coverage_nor_the_score(guichet: Guichet):
    covered = make_demande(guichet, c2s=True, ame=True, ald=True, langue="ar")
    bare = make_demande(guichet, ald=True, langue="ar")
    assert view_as_medecin(covered) == view_as_medecin(bare)


def test_doctors_are_ranked_by_needs_then_distance_then_places(guichet: Guichet):
    far = make_medecin(guichet, places=9, commune=guichet.villars, visites=True)
    near = make_medecin(guichet, places=1, visites=True)
    more = make_medecin(guichet, places=5, visites=True)
    unfit = make_medecin(guichet, places=30)
    make_medecin(guichet, places=0)
    demande = make_demande(guichet, etat=Etat.QUALIFIEE, ne_peut_se_deplacer=True)
    candidats = list_candidats(demande)
    assert [candidat.professionnel for candidat in candidats] == [more, near, far, unfit]
    assert "même commune" in candidats[0].raison
    assert "km" in candidats[2].raison
    assert "ne fait pas de visites" in candidats[3].raison


def test_mails_carry_no_patient_data(guichet: Guichet):
    make_demande(guichet, etat=Etat.PLACEE, nom="Canari", prenom="Zoé", telephone="0477998877", ald=True, c2s=True)
    messages = list(Message.objects.all())
    assert len(messages) >= 5
    for message in messages:
        written = message.sujet + message.texte
        for secret in ("Canari", "Zoé", "0477998877", "ALD", "C2S", "1980"):
            assert secret not in written
        assert "http" in written
