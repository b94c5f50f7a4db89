"""« À prévenir »: nobody whose appointment falls is forgotten, and what was withdrawn is not offered again."""

from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter
from fabriques.medecin_traitant import Guichet
from fabriques.soins import Pro, make_creneau, make_plage, make_pro, make_rendez_vous
from maillon.communaute.sollicitations.services import declare_absence
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import Chute, EtatCreneau, EtatRendezVous, MotifAnnulation
from maillon.missions.soins_non_programmes.models import Plage, RendezVous
from maillon.missions.soins_non_programmes.selectors.chutes import find_chutes
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message

pytestmark = pytest.mark.django_db
JOIGNABLE = {"telephone": "06 12 34 56 78"}
FIXE = {"telephone": "04 77 01 02 03", "courriel": ""}


@pytest.fixture
def pro(soins: Guichet):
    with use_cpts(soins.cpts.pk):
        yield make_pro(soins)


@pytest.fixture
def plage(soins: Guichet, pro: Pro) -> Plage:
    return make_plage(soins, pro)


@pytest.fixture
def donne(soins: Guichet, pro: Pro, plage: Plage) -> RendezVous:
    """Somebody expected tomorrow, in an opening."""
    return make_rendez_vous(soins, make_creneau(soins, pro, dans=24, plage=plage), nom="Canariquitremble", **JOIGNABLE)


@pytest.fixture
def guichet(soins: Guichet) -> Client:
    return enter(Client(), soins.membre.compte)


def adresse(soins: Guichet, nom: str, *args) -> str:
    return reverse(f"soins_{nom}", args=[soins.cpts.slug, *args])


def test_an_opening_withdrawn_leads_to_those_who_had_an_appointment_in_it(soins, guichet, plage, donne) -> None:
    assert find_chutes(soins.cpts.pk, soins.acteur) == {}
    page = guichet.post(adresse(soins, "plage_retirer", plage.pk), follow=True)
    assert page.redirect_chain[-1][0] == adresse(soins, "a_prevenir")
    contenu = page.content.decode()
    assert "CANARIQUITREMBLE" in contenu.upper()
    assert "tel:" in contenu
    assert "à prévenir" in guichet.get(reverse("accueil_cpts", args=[soins.cpts.slug])).content.decode()


def test_undoing_the_withdrawal_leaves_nobody_to_tell(soins, plage, donne) -> None:
    retrait = services.withdraw_plage(plage_id=plage.pk, by=soins.acteur)
    assert find_chutes(soins.cpts.pk, soins.acteur) == {donne.pk: Chute.RETRAIT}
    services.restore_plage(plage_id=plage.pk, moment=retrait.moment, by=soins.acteur)
    assert find_chutes(soins.cpts.pk, soins.acteur) == {}


def test_a_day_withdrawn_and_a_sudden_absence_fall_too(soins, pro, donne) -> None:
    jour = donne.creneau.debut.astimezone(ZoneInfo(soins.cpts.fuseau)).date()
    services.withdraw_jour(cpts=soins.cpts, professionnel_id=pro.professionnel.pk, jour=jour, by=soins.acteur)
    assert find_chutes(soins.cpts.pk, soins.acteur) == {donne.pk: Chute.RETRAIT}
    declare_absence(cpts_id=soins.cpts.pk, professionnel=pro.professionnel, du=jour, au=jour, by=pro.acteur)
    assert find_chutes(soins.cpts.pk, soins.acteur) == {donne.pk: Chute.ABSENCE}


@pytest.mark.parametrize("geste", ["moved", "cancelled by the patient"])
def test_a_slot_that_was_withdrawn_is_not_offered_again(soins, pro, plage, donne, geste) -> None:
    services.withdraw_plage(plage_id=plage.pk, by=soins.acteur)
    if geste == "moved":
        services.move(rendez_vous=donne, vers=make_creneau(soins, make_pro(soins), dans=25).pk, by=soins.acteur)
    else:
        services.cancel(rendez_vous=donne, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    donne.creneau.refresh_from_db()
    assert donne.creneau.etat == EtatCreneau.RETIRE
    assert find_chutes(soins.cpts.pk, soins.acteur) == {}


def test_a_hold_that_ends_on_a_withdrawn_slot_frees_nothing(soins, pro, plage) -> None:
    creneau = make_creneau(soins, pro, dans=24, plage=plage)
    held = services.hold(creneau_id=creneau.pk, by=soins.acteur, cle_depot="r", origine="guichet")
    services.withdraw_plage(plage_id=plage.pk, by=soins.acteur)
    services.release(rendez_vous=held, by=soins.acteur)
    creneau.refresh_from_db()
    assert creneau.etat == EtatCreneau.RETIRE


def test_one_touch_moves_the_person_to_a_slot_offered_and_comes_back_to_the_list(soins, guichet, plage, donne) -> None:
    ailleurs = make_creneau(soins, make_pro(soins), dans=26)
    services.withdraw_plage(plage_id=plage.pk, by=soins.acteur)
    assert str(ailleurs.pk) in guichet.get(adresse(soins, "a_prevenir")).content.decode()
    moved = guichet.post(
        adresse(soins, "deplacer", donne.pk), {"creneau": ailleurs.pk, "retour": "a_prevenir"}, follow=True
    )
    assert moved.redirect_chain[-1][0] == adresse(soins, "a_prevenir")
    assert "Personne à prévenir" in moved.content.decode()


def test_two_people_are_not_offered_the_same_slots(soins, guichet, pro, plage, donne) -> None:
    make_rendez_vous(soins, make_creneau(soins, pro, dans=23, plage=plage))
    autre = make_pro(soins)
    libres = [make_creneau(soins, autre, dans=26 + n) for n in range(6)]
    services.withdraw_plage(plage_id=plage.pk, by=soins.acteur)
    page = guichet.get(adresse(soins, "a_prevenir")).content.decode()
    assert [page.count(f'value="{libre.pk}"') for libre in libres] == [1] * 6


def test_who_has_no_mobile_nor_mail_stays_until_somebody_has_called(soins, guichet, pro, plage, donne) -> None:
    fixe = make_rendez_vous(soins, make_creneau(soins, pro, dans=25, plage=plage), **FIXE)
    services.withdraw_plage(plage_id=plage.pk, by=soins.acteur)
    page = guichet.post(adresse(soins, "annuler_chutes", pro.professionnel.pk), follow=True).content.decode()
    assert "2\u00a0rendez-vous annulés" in page
    assert "1\u00a0personne reste à appeler" in page
    assert set(RendezVous.objects.values_list("etat", flat=True)) == {EtatRendezVous.ANNULE}
    assert find_chutes(soins.cpts.pk, soins.acteur) == {fixe.pk: Chute.ANNULE}
    assert Message.objects.filter(objet_id=donne.pk, gabarit__contains="annule").exists()
    assert "Elle est prévenue" in page
    noted = guichet.post(adresse(soins, "prevenu", fixe.pk), follow=True).content.decode()
    assert "Personne à prévenir" in noted
    guichet.post(adresse(soins, "prevenu", fixe.pk) + "?geste=annuler")
    assert find_chutes(soins.cpts.pk, soins.acteur) == {fixe.pk: Chute.ANNULE}


def test_an_appointment_kept_on_leaves_the_list_until_it_falls_again(soins, pro, plage, donne) -> None:
    services.withdraw_plage(plage_id=plage.pk, by=soins.acteur)
    services.note_prevenu(rendez_vous=donne, by=pro.acteur)
    assert find_chutes(soins.cpts.pk, soins.acteur) == {}
    jour = donne.creneau.debut.astimezone(ZoneInfo(soins.cpts.fuseau)).date()
    services.withdraw_jour(cpts=soins.cpts, professionnel_id=pro.professionnel.pk, jour=jour, by=soins.acteur)
    assert find_chutes(soins.cpts.pk, soins.acteur) == {donne.pk: Chute.RETRAIT}


def test_a_professional_sees_their_own_people_alone(soins, pro, plage, donne) -> None:
    services.withdraw_plage(plage_id=plage.pk, by=soins.acteur)
    autre = make_pro(soins)
    assert find_chutes(soins.cpts.pk, pro.acteur) == {donne.pk: Chute.RETRAIT}
    assert find_chutes(soins.cpts.pk, autre.acteur) == {}
    page = enter(Client(), autre.membre.compte).get(adresse(soins, "a_prevenir")).content.decode()
    assert "CANARIQUITREMBLE" not in page.upper()


def test_the_list_costs_the_same_queries_for_one_or_eight(soins, guichet, pro, plage, donne, count_requetes) -> None:
    services.withdraw_plage(plage_id=plage.pk, by=soins.acteur)
    one = count_requetes(lambda: guichet.get(adresse(soins, "a_prevenir")))
    for heure in range(8):
        make_rendez_vous(soins, make_creneau(soins, pro, dans=30 + heure, plage=plage))
    assert count_requetes(lambda: guichet.get(adresse(soins, "a_prevenir"))) == one
