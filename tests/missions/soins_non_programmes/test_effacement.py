"""Somebody is erased, or opposes, while they are expected: the slot serves another, and who expected them is told."""

import pytest

from fabriques.demandes_soin import file
from fabriques.medecin_traitant import Guichet
from fabriques.soins import Pro, make_creneau, make_pro, make_rendez_vous
from maillon.communaute.patients.services import erase_patient, record_opposition
from maillon.missions.soins_non_programmes.enums import EtatCreneau, EtatDemande, EtatRendezVous
from maillon.missions.soins_non_programmes.models import RendezVous
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.droits.acteur import SYSTEME

pytestmark = pytest.mark.django_db
NOM = {"nom": "Canariquitremble", "prenom": "Louise", "courriel": "louise@example.org"}


@pytest.fixture
def pro(soins: Guichet):
    with use_cpts(soins.cpts.pk):
        yield make_pro(soins)


def leave(rendez_vous: RendezVous, comment: str) -> None:
    assert rendez_vous.patient is not None
    if comment == "erased":
        erase_patient(patient=rendez_vous.patient, by=SYSTEME)
    else:
        record_opposition(patient=rendez_vous.patient, by=SYSTEME)
    rendez_vous.refresh_from_db()
    rendez_vous.creneau.refresh_from_db()


@pytest.mark.parametrize("comment", ["erased", "opposed"])
def test_a_coming_appointment_is_cancelled_and_its_slot_free_again(soins: Guichet, pro: Pro, comment: str) -> None:
    given = make_rendez_vous(soins, make_creneau(soins, pro), **NOM)
    leave(given, comment)
    assert (given.etat, given.creneau.etat) == (EtatRendezVous.ANNULE, EtatCreneau.LIBRE)


@pytest.mark.parametrize("comment", ["erased", "opposed"])
def test_who_expected_the_person_is_told_the_hour_and_not_the_name(soins: Guichet, pro: Pro, comment: str) -> None:
    given = make_rendez_vous(soins, make_creneau(soins, pro), **NOM)
    leave(given, comment)
    [told] = Message.objects.filter(gabarit__endswith="rendez_vous_libere.txt")
    assert (told.adresse, told.etat) == (pro.membre.compte.email, Etat.A_ENVOYER)
    assert "est annulé" in told.texte
    assert "anariquitremble" not in told.texte.lower()
    assert not Message.objects.filter(objet_id=given.pk, etat=Etat.A_ENVOYER).exists()


def test_what_has_been_stays_counted(soins: Guichet, pro: Pro) -> None:
    given = make_rendez_vous(soins, make_creneau(soins, pro), **NOM)
    with horloge.at(given.creneau.fin):
        leave(given, "erased")
    assert (given.etat, given.creneau.etat) == (EtatRendezVous.CONFIRME, EtatCreneau.RESERVE)
    assert not Message.objects.filter(gabarit__endswith="rendez_vous_libere.txt").exists()


def test_nobody_is_sought_for_a_person_who_is_erased(soins: Guichet, pro: Pro) -> None:
    demande = file(soins)
    assert demande.etat == EtatDemande.SOLLICITEE
    erase_patient(patient=demande.patient, by=SYSTEME)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.ANNULEE


def test_erasing_twice_is_erasing_once(soins: Guichet, pro: Pro) -> None:
    given = make_rendez_vous(soins, make_creneau(soins, pro), **NOM)
    leave(given, "erased")
    leave(given, "erased")
    assert Message.objects.filter(gabarit__endswith="rendez_vous_libere.txt").count() == 1
