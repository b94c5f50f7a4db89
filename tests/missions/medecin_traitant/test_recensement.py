"""What doctors say of their places."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from fabriques.annuaire import ActiviteFabrique
from fabriques.medecin_traitant import Guichet, make_acteur_medecin, make_demande, make_medecin
from fabriques.recensement import after, make_porteur, offer, restantes
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.enums_places import (
    Dit,
    Fraicheur,
    Voie,
)
from maillon.missions.medecin_traitant.models import (
    ActionRefusee,
    Capacite,
    DeclarationPlaces,
)
from maillon.missions.medecin_traitant.selectors import list_candidats
from maillon.missions.medecin_traitant.selectors.recensement import (
    compute_recensement,
    count_by_commune,
    count_by_month,
    list_recenses,
    split_restantes,
)
from maillon.socle.droits.acteur import SYSTEME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lundi")]


def place_one(guichet: Guichet, medecin) -> None:
    make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin])


def test_who_said_what_and_when(guichet: Guichet):
    medecin = make_medecin(guichet, places=None)
    offer(guichet, medecin, 4, by=make_acteur_medecin(guichet, medecin))
    with after(1):
        offer(guichet, medecin, 2, by=guichet.acteur)
    with after(2):
        offer(guichet, medecin, 7, by=make_porteur(guichet))
    said = DeclarationPlaces.objects.order_by("le")
    assert [(row.voie, row.avant, row.places) for row in said] == [
        (Voie.COMPTE, 0, 4),
        (Voie.GUICHET, 4, 2),
        (Voie.LIEN, 2, 7),
    ]
    assert said[1].membre_id == guichet.membre.pk


def test_history_cannot_be_rewritten(guichet: Guichet):
    make_medecin(guichet, places=4)
    with pytest.raises(DatabaseError), transaction.atomic():
        DeclarationPlaces.objects.update(places=1)


def test_nothing_changed_keeps_the_count(guichet: Guichet):
    medecin = make_medecin(guichet, places=4)
    with after(1):
        place_one(guichet, medecin)
    with after(100):
        assert list_recenses(guichet.cpts.pk).get().fraicheur == Fraicheur.A_CONFIRMER
        capacite = services.confirm_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, by=SYSTEME)
        assert (capacite.places, restantes(medecin)) == (4, 3)
        assert list_recenses(guichet.cpts.pk).get().fraicheur == Fraicheur.FRAICHE
    assert DeclarationPlaces.objects.filter(dit=Dit.CONFIRME).count() == 1


def test_freshness_ends_with_the_setting(guichet: Guichet, settings):
    make_medecin(guichet, places=4)
    make_medecin(guichet, places=None)
    settings.MAILLON_FRAICHEUR_PLACES_JOURS = 10
    with after(9.9):
        assert {m.fraicheur for m in list_recenses(guichet.cpts.pk)} == {Fraicheur.FRAICHE, Fraicheur.JAMAIS}
    with after(10.1):
        assert {m.fraicheur for m in list_recenses(guichet.cpts.pk)} == {Fraicheur.A_CONFIRMER, Fraicheur.JAMAIS}


def test_a_promise_whose_day_passed_is_to_be_confirmed_and_becomes_no_place(guichet: Guichet):
    medecin = make_medecin(guichet, places=None)
    offer(guichet, medecin, 1, places_prevues=6, prevues_des=date(2026, 12, 1))
    assert compute_recensement(guichet.cpts.pk).prevues == 6
    with after(29):
        found = list_recenses(guichet.cpts.pk).get()
        assert (found.fraicheur, found.restantes) == (Fraicheur.A_CONFIRMER, 1)
        with pytest.raises(ActionRefusee, match="passé"):
            services.confirm_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, by=SYSTEME)


def test_a_promise_has_a_day(guichet: Guichet):
    medecin = make_medecin(guichet, places=None)
    with pytest.raises(ActionRefusee, match="à partir de quel jour"):
        offer(guichet, medecin, 1, places_prevues=6)


def test_what_is_not_said_is_left_as_it_was(guichet: Guichet):
    medecin = make_medecin(guichet, places=None)
    offer(guichet, medecin, 1, secteur="2o", langues=["ar"], acces_pmr=True, accepte_adultes=False)
    capacite = offer(guichet, medecin, 3)
    assert (capacite.secteur, capacite.langues, capacite.acces_pmr) == ("2o", ["ar"], True)
    assert not capacite.accepte_tous


def test_i_take_no_more_and_back(guichet: Guichet):
    medecin = make_medecin(guichet, places=5)
    offer(guichet, medecin, 5, places_prevues=2, prevues_des=date(2027, 1, 4))
    since = Capacite.objects.get().volontaire_depuis
    with after(1):
        place_one(guichet, medecin)
    with after(2):
        stopped = services.stop_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, by=SYSTEME)
        assert (stopped.places, stopped.places_prevues, stopped.volontaire_depuis) == (0, 0, None)
    with after(3):
        back = services.resume_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, by=SYSTEME)
        assert (back.places, back.places_prevues, restantes(medecin)) == (4, 2, 4)
        assert back.volontaire_depuis == since
        with pytest.raises(ActionRefusee, match="plus rien à annuler"):
            services.resume_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, by=SYSTEME)


def test_places_of_several_places_of_work(guichet: Guichet):
    medecin = make_medecin(guichet, places=None)
    first = medecin.activites.get()
    second = ActiviteFabrique(professionnel=medecin, commune=guichet.villars)
    offer(guichet, medecin, 9, par_lieu={first.pk: 6, second.pk: 3})
    assert {code: here.places for code, here in count_by_commune(guichet.cpts.pk).items()} == {"42218": 6, "42330": 3}
    with after(1):
        for _ in range(3):
            place_one(guichet, medecin)
        assert {code: here.places for code, here in count_by_commune(guichet.cpts.pk).items()} == {
            "42218": 4,
            "42330": 2,
        }
    foreign = ActiviteFabrique(commune=guichet.villars)
    for wrong in ({first.pk: 1}, {foreign.pk: 9}):
        with pytest.raises(ActionRefusee, match="vos propres lieux"), transaction.atomic():
            offer(guichet, medecin, 9, par_lieu=wrong)


@pytest.mark.parametrize(
    ("left", "parts", "shares"),
    [(5, [2, 2], [3, 2]), (0, [4], [0]), (3, [0, 0], [3, 0]), (2, [], []), (7, [1, 2, 4], [1, 2, 4])],
)
def test_what_is_left_is_shared_whole(left: int, parts: list[int], shares: list[int]):
    assert split_restantes(left, parts) == shares


def test_a_doctor_who_takes_no_plain_adult_says_so_among_candidates(guichet: Guichet):
    medecin = make_medecin(guichet, places=None)
    offer(guichet, medecin, 3, accepte_adultes=False)
    plain = make_demande(guichet, etat=Etat.QUALIFIEE, annee_naissance=1980)
    ald = make_demande(guichet, etat=Etat.QUALIFIEE, annee_naissance=1980, ald=True)
    child = make_demande(guichet, etat=Etat.QUALIFIEE, annee_naissance=2015)
    said = [list_candidats(demande)[0].reserves for demande in (plain, ald, child)]
    assert said == [("ne prend pas d’adultes sans ALD",), (), ()]


def test_the_chart_counts_what_was_said_last(guichet: Guichet):
    medecin = make_medecin(guichet, places=4)
    make_medecin(guichet, places=2)
    with after(35):
        offer(guichet, medecin, 0)
        months = count_by_month(guichet.cpts.pk, months=3)
    assert [(places, medecins) for _, places, medecins in months] == [(0, 0), (6, 2), (2, 1)]
