"""Campaigns of census."""

from datetime import date, timedelta

import pytest

from fabriques.annuaire import ActiviteFabrique, ProfessionnelFabrique
from fabriques.medecin_traitant import Guichet, make_acteur_medecin, make_medecin
from fabriques.recensement import LUNDI, after, mails, make_campagne, make_depart, make_porteur, offer, plain
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums_places import (
    Appel,
    Voie,
)
from maillon.missions.medecin_traitant.models import (
    ActionRefusee,
    CampagneRecensement,
)
from maillon.missions.medecin_traitant.selectors.alertes_places import list_alertes_places
from maillon.missions.medecin_traitant.selectors.campagnes import compute_avancee
from maillon.missions.medecin_traitant.selectors.recensement import (
    list_a_interroger,
)
from maillon.socle import horloge
from maillon.socle.droits.models import Lien

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lundi")]


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
