"""What frees time; who leaves, who comes."""

from datetime import date

import pytest

from fabriques.droits import make_acteur, make_membre
from fabriques.medecin_traitant import Guichet, make_medecin
from fabriques.recensement import after, mails, make_arrivee, make_campagne, make_depart, make_renfort, plain, restantes
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums_places import (
    Certitude,
    Dit,
    NatureRenfort,
    StatutRenfort,
)
from maillon.missions.medecin_traitant.models import (
    ActionRefusee,
    CampagneRecensement,
    DeclarationPlaces,
    Mouvement,
)
from maillon.missions.medecin_traitant.selectors.alertes_places import list_alertes_places
from maillon.missions.medecin_traitant.selectors.offre import compute_bilan, compute_potentiel, list_mouvements
from maillon.missions.medecin_traitant.selectors.recensement import (
    compute_recensement,
)
from maillon.socle import horloge
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lundi")]

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
