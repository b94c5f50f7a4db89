"""The census: what is said, by whom, how fresh; campaigns; helps; departures and arrivals."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from fabriques.droits import make_acteur, make_membre
from fabriques.medecin_traitant import Guichet, make_acteur_medecin, make_demande, make_guichet, make_medecin
from fabriques.recensement import make_arrivee, make_campagne, make_depart, make_porteur, make_renfort
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.enums_places import (
    Appel,
    Certitude,
    Dit,
    Fraicheur,
    NatureRenfort,
    StatutRenfort,
    Voie,
)
from maillon.missions.medecin_traitant.models import (
    ActionRefusee,
    CampagneRecensement,
    Capacite,
    DeclarationPlaces,
    Mouvement,
)
from maillon.missions.medecin_traitant.selectors import list_candidats
from maillon.missions.medecin_traitant.selectors.alertes_places import list_alertes_places
from maillon.missions.medecin_traitant.selectors.campagnes import compute_avancee
from maillon.missions.medecin_traitant.selectors.offre import compute_bilan, compute_potentiel, list_mouvements
from maillon.missions.medecin_traitant.selectors.recensement import (
    compute_recensement,
    count_by_commune,
    count_by_month,
    list_a_interroger,
    list_recenses,
    split_restantes,
)
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat as EtatCourriel
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Lien

pytestmark = pytest.mark.django_db

LUNDI = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def guichet():
    made = make_guichet()
    with use_cpts(made.cpts.pk), horloge.at(LUNDI):
        yield made


def after(days: float):
    return horloge.at(LUNDI + timedelta(days=days))


def offer(guichet: Guichet, medecin, places: int, *, by=SYSTEME, **champs):
    return services.update_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, places=places, by=by, **champs)


def restantes(medecin) -> int:
    return Capacite.objects.with_restantes().get(professionnel=medecin).restantes


def place_one(guichet: Guichet, medecin) -> None:
    make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin])


def plain(texte: str) -> str:
    """The same with ordinary spaces."""
    return texte.replace("\u202f", " ").replace("\u00a0", " ")


def mails(gabarit: str) -> int:
    return Message.objects.filter(gabarit__endswith=gabarit).exclude(etat=EtatCourriel.ANNULE).count()


# What is said


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


# Campaigns


def test_a_campaign_asks_each_doctor_once(guichet: Guichet):
    for _ in range(3):
        make_medecin(guichet, places=None)
    campagne = make_campagne(guichet)
    assert mails("recensement.txt") == 3
    assert services.send_campagne(cpts_id=guichet.cpts.pk, campagne_id=campagne.pk) == 0
    assert mails("recensement.txt") == 3
    assert Lien.objects.filter(but=services.LIEN_PLACES).count() == 3


def test_no_second_campaign_at_once(guichet: Guichet):
    make_medecin(guichet)
    campagne = make_campagne(guichet)
    with pytest.raises(ActionRefusee, match="déjà en cours"):
        make_campagne(guichet)
    services.close_campagne(campagne_id=campagne.pk, by=guichet.acteur)
    assert make_campagne(guichet).is_en_cours
    assert CampagneRecensement.objects.count() == 2


def test_each_reminder_is_sent_once_to_the_silent_alone(guichet: Guichet):
    silent, answered, refuses = (make_medecin(guichet, places=None) for _ in range(3))
    campagne = make_campagne(guichet)
    remind = services.remind_campagne
    with after(4):
        assert remind(cpts_id=guichet.cpts.pk) == 0
        offer(guichet, answered, 0, by=make_porteur(guichet))
        row = campagne.destinataires.get(professionnel=refuses)
        services.record_appel_recensement(destinataire_id=row.pk, appel=Appel.DECLINE, by=guichet.acteur)
    for day in (5, 5.2, 6, 9):
        with after(day):
            assert remind(cpts_id=guichet.cpts.pk) == (1 if day == 5 else 0)
    for day in (10, 11, 14):
        with after(day):
            assert remind(cpts_id=guichet.cpts.pk) == (1 if day == 10 else 0)
    assert mails("rappel_recensement.txt") == 2
    assert campagne.destinataires.get(professionnel=silent).rappels_envoyes == 2


def test_missed_reminders_make_one_mail(guichet: Guichet):
    make_medecin(guichet, places=None)
    make_campagne(guichet)
    with after(12):
        assert services.remind_campagne(cpts_id=guichet.cpts.pk) == 1
        assert services.remind_campagne(cpts_id=guichet.cpts.pk) == 0
    assert mails("rappel_recensement.txt") == 1


def test_nobody_is_reminded_after_the_deadline_nor_the_closing(guichet: Guichet):
    make_medecin(guichet, places=None)
    campagne = make_campagne(guichet)
    with after(15):
        assert services.remind_campagne(cpts_id=guichet.cpts.pk) == 0
    services.close_campagne(campagne_id=campagne.pk, by=guichet.acteur)
    with after(5):
        assert services.remind_campagne(cpts_id=guichet.cpts.pk) == 0
    assert not Lien.objects.filter(but=services.LIEN_PLACES, revoque_le=None).exists()
    assert mails("recensement.txt") == 0, "what had not left is cancelled"


@pytest.mark.parametrize("geste", ["update", "confirm", "stop"])
def test_saying_anything_answers_the_campaign(guichet: Guichet, geste: str):
    medecin = make_medecin(guichet, places=3)
    campagne = make_campagne(guichet)
    same = {"cpts_id": guichet.cpts.pk, "professionnel": medecin, "by": make_porteur(guichet)}
    if geste == "update":
        services.update_capacite(**same, places=1)
    else:
        getattr(services, f"{geste}_capacite")(**same)
    row = campagne.destinataires.get()
    assert (row.repondu_le, row.voie) == (LUNDI, Voie.LIEN)
    with pytest.raises(ActionRefusee, match="déjà répondu"):
        services.record_appel_recensement(destinataire_id=row.pk, appel=Appel.ABSENT, by=guichet.acteur)


def test_who_has_no_address_is_called(guichet: Guichet):
    medecin = make_medecin(guichet, places=None)
    medecin.activites.update(courriel="")
    campagne = make_campagne(guichet)
    avancee = compute_avancee(campagne)
    assert (avancee.a_appeler, avancee.joignables, mails("recensement.txt")) == (1, 0, 0)


def test_who_is_asked(guichet: Guichet):
    member, gone = make_medecin(guichet), make_medecin(guichet)
    neighbour = ProfessionnelFabrique(generaliste=True)
    ActiviteFabrique(professionnel=neighbour, commune=guichet.villars)
    elsewhere = ProfessionnelFabrique(generaliste=True)
    ActiviteFabrique(professionnel=elsewhere, commune__invente=True)
    make_depart(guichet, gone, days=0)
    asked = {wide: set(list_a_interroger(guichet.cpts.pk, avec_non_membres=wide)) for wide in (False, True)}
    assert asked[False] == {member}
    assert asked[True] == {member, neighbour}


def test_dates_of_a_campaign_are_in_order(guichet: Guichet):
    make_medecin(guichet)
    for wrong in ({"echeance": date(2026, 11, 2)}, {"rappels": [date(2026, 12, 24)]}, {"rappels": [date(2026, 11, 1)]}):
        with pytest.raises(ActionRefusee):
            make_campagne(guichet, **wrong)


def test_the_home_page_says_where_the_census_is(guichet: Guichet):
    for places in (5, 9):
        make_medecin(guichet, places=places)
    silent = make_medecin(guichet, places=None)
    campagne = make_campagne(guichet)
    for row in campagne.destinataires.exclude(professionnel=silent):
        services.confirm_capacite(cpts_id=guichet.cpts.pk, professionnel=row.professionnel, by=make_porteur(guichet))
    alerte = list_alertes_places(guichet.cpts.pk, guichet.acteur, horloge.now())[0]
    assert plain(alerte.phrase) == "Deux médecins offrent 14 places ; un n’a pas répondu."
    with horloge.at(horloge.now() + timedelta(days=(campagne.echeance - horloge.today()).days - 2)):
        alerte = list_alertes_places(guichet.cpts.pk, guichet.acteur, horloge.now())[0]
        assert "La campagne finit" in alerte.phrase
    asked = list_alertes_places(guichet.cpts.pk, make_acteur_medecin(guichet, silent), horloge.now())
    assert [plain(a.phrase) for a in asked] == [
        "Combien de nouveaux patients pouvez-vous suivre ? Dix secondes suffisent."
    ]


# What frees time


def test_a_help_adds_a_potential_and_no_place(guichet: Guichet):
    medecin = make_medecin(guichet, places=2)
    make_renfort(guichet, patients=200, source="contrat", statut=StatutRenfort.DECLARE, medecins=[medecin])
    make_renfort(guichet, nature=NatureRenfort.IPA, patients=90, source="bilan")
    over = make_renfort(guichet, nature=NatureRenfort.IPA, patients=10, source="bilan")
    services.end_renfort(renfort_id=over.pk, by=guichet.acteur)
    tomorrow = compute_potentiel(guichet.cpts.pk, on=date(2026, 11, 3))
    assert (tomorrow.renforts, tomorrow.declares, tomorrow.a_confirmer) == (2, 200, 90)
    assert compute_recensement(guichet.cpts.pk).places == restantes(medecin) == 2
    services.resume_renfort(renfort_id=over.pk, by=guichet.acteur)
    assert compute_potentiel(guichet.cpts.pk, on=date(2026, 11, 3)).renforts == 3


def test_a_protocol_bears_its_official_name_and_text(guichet: Guichet):
    renfort = make_renfort(guichet, nature=NatureRenfort.PROTOCOLE, protocole="pollakiurie")
    assert "cystite" in renfort.intitule
    assert renfort.version == "arrêté du 6 mars 2020"
    with pytest.raises(ActionRefusee, match="pas en vigueur"):
        make_renfort(guichet, nature=NatureRenfort.PROTOCOLE, protocole="pollakiurie", depuis=date(2020, 3, 7))
    with pytest.raises(ActionRefusee, match="d’où vient"):
        make_renfort(guichet, patients=10)


# Who leaves, who comes


def test_the_balance_of_the_territory(guichet: Guichet):
    make_depart(guichet, days=30, patients=1100, patients_ald=200, patients_plus_70=300)
    make_depart(guichet, days=120, patients=800, certitude=Certitude.POSSIBLE)
    make_depart(guichet, days=400, patients=5000)
    make_arrivee(guichet, days=60, places=800)
    bilan = compute_bilan(guichet.cpts.pk, on=date(2026, 11, 2))
    assert plain(bilan.phrase) == "2 départs d’ici six mois : 1 900 patients ; 1 arrivée : 800 places."
    assert (bilan.patients_ald, bilan.patients_plus_70, bilan.a_confirmer) == (200, 300, 1)


def test_the_period_of_movements_is_half_open_and_without_the_cancelled(guichet: Guichet):
    first, second = make_depart(guichet, days=0 + 1), make_arrivee(guichet, days=10)
    services.cancel_mouvement(mouvement_id=make_arrivee(guichet, days=5).pk, by=guichet.acteur)
    assert list_mouvements(guichet.cpts.pk, date(2026, 11, 3), date(2026, 11, 13)) == [first, second]
    assert list_mouvements(guichet.cpts.pk, date(2026, 11, 3), date(2026, 11, 12)) == [first]


@pytest.mark.parametrize("certitude", [Certitude.CERTAIN, Certitude.ANNONCE])
def test_the_day_of_a_departure_closes_the_places_and_tells_the_coordination(guichet: Guichet, certitude: Certitude):
    make_membre(guichet.cpts, Role.COORDINATION)
    medecin = make_medecin(guichet, places=5)
    make_depart(guichet, medecin, days=30, certitude=certitude)
    with after(29):
        assert services.apply_departs(cpts_id=guichet.cpts.pk) == 0
        assert restantes(medecin) == 5
    with after(30):
        assert services.apply_departs(cpts_id=guichet.cpts.pk) == 1
        assert services.apply_departs(cpts_id=guichet.cpts.pk) == 0
    assert restantes(medecin) == 0
    assert DeclarationPlaces.objects.order_by("le").last().dit == Dit.DEPART
    assert mails("depart_arrive.txt") == 1


def test_who_has_left_is_not_reminded(guichet: Guichet):
    medecin = make_medecin(guichet, places=5)
    make_campagne(guichet)
    make_depart(guichet, medecin, days=3)
    with after(3):
        services.apply_departs(cpts_id=guichet.cpts.pk)
    with after(5):
        assert services.remind_campagne(cpts_id=guichet.cpts.pk) == 0


def test_a_possible_departure_closes_nothing_and_asks(guichet: Guichet):
    make_membre(guichet.cpts, Role.COORDINATION)
    medecin = make_medecin(guichet, places=5)
    make_depart(guichet, medecin, days=30, certitude=Certitude.POSSIBLE)
    for day in (30, 31):
        with after(day):
            assert services.apply_departs(cpts_id=guichet.cpts.pk) == 0
            phrases = [a.phrase for a in list_alertes_places(guichet.cpts.pk, guichet.acteur, horloge.now())]
            assert any("a-t-il eu lieu" in phrase for phrase in phrases)
    assert (restantes(medecin), mails("depart_arrive.txt")) == (5, 1)


def test_a_doctor_leaves_once(guichet: Guichet):
    medecin = make_medecin(guichet)
    first = make_depart(guichet, medecin)
    with pytest.raises(ActionRefusee, match="déjà annoncé"):
        make_depart(guichet, medecin)
    services.cancel_mouvement(mouvement_id=first.pk, by=guichet.acteur)
    make_depart(guichet, medecin)
    with pytest.raises(ActionRefusee, match="Un autre départ"):
        services.restore_mouvement(mouvement_id=first.pk, by=guichet.acteur)


def test_impossible_movements_are_refused(guichet: Guichet):
    with pytest.raises(ActionRefusee, match="font partie"):
        make_depart(guichet, patients=10, patients_ald=11)
    with pytest.raises(ActionRefusee, match="qui arrive"):
        make_arrivee(guichet, intitule="")
    applied = make_depart(guichet, days=0)
    assert Mouvement.objects.get(pk=applied.pk).applique_le
    saisie = services.SaisieMouvement(genre=applied.genre, le=applied.le, professionnel_id=applied.professionnel_id)
    with pytest.raises(ActionRefusee, match="déjà pris effet"):
        services.record_mouvement(cpts_id=guichet.cpts.pk, saisie=saisie, by=SYSTEME, mouvement_id=applied.pk)


def test_totals_name_nobody_and_rows_are_the_desks(guichet: Guichet):
    make_depart(guichet)
    make_campagne(guichet)
    president = make_acteur(make_membre(guichet.cpts, Role.PRESIDENT))
    assert not Mouvement.objects.visible_to(president).exists()
    assert not CampagneRecensement.objects.visible_to(president).exists()
    assert Mouvement.objects.visible_to(guichet.acteur).count() == 1
