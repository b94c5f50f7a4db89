"""What the person is told: where, when, how to cancel; never who they are, nor why; each once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.patients import make_patient
from fabriques.soins import make_creneau, make_pro, make_soins
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import EtatRendezVous, MotifAnnulation, Origine
from maillon.missions.soins_non_programmes.models import RendezVous
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _midi():
    """Tomorrow at noon in Paris: nobody is reminded at night."""
    with horloge.at((now() + timedelta(days=1)).replace(hour=11, minute=0)):
        yield


@pytest.fixture
def soins():
    soins = make_soins()
    with use_cpts(soins.cpts.pk):
        yield soins


def give(soins, *, dans: float = 26, **identite) -> RendezVous:
    return services.book(
        creneau_id=make_creneau(soins, make_pro(soins), dans=dans).pk,
        patient=make_patient(soins.cpts, **identite),
        by=soins.acteur,
        cle_depot=uuid4().hex,
        origine=Origine.GUICHET,
    )


def sent(rendez_vous: RendezVous) -> list[Message]:
    return list(Message.objects.filter(objet_id=rendez_vous.pk).order_by("pk"))


def find_path(message: Message) -> str:
    """The address in a message."""
    return "/l/" + message.texte.partition("/l/")[2].split()[0]


def test_a_mobile_number_gets_a_text_and_another_a_mail(soins) -> None:
    (sms,) = sent(give(soins, telephone="06 12 34 56 78", courriel="jeanne@example.org"))
    assert sms.adresse == "+33612345678"
    assert "Cabinet" in sms.texte
    assert "/l/" in sms.texte
    (mail,) = sent(give(soins, telephone="04 77 01 02 03", courriel="jeanne@example.org"))
    assert mail.adresse == "jeanne@example.org"
    assert "appelez le 15" in mail.texte
    assert sent(give(soins, telephone="04 77 01 02 03")) == []


def test_nothing_names_the_person_the_profession_or_the_professional(soins) -> None:
    given = give(soins, nom="Canariquitremble", telephone="06 12 34 56 78")
    services.cancel(rendez_vous=given, motif=MotifAnnulation.PROFESSIONNEL, by=soins.acteur)
    for message in sent(given):
        text = f"{message.sujet} {message.texte}".lower()
        assert "canari" not in text
        assert "infirmi" not in text
        assert "durand" not in text


def test_the_reminder_leaves_once_and_not_after_a_cancellation(soins) -> None:
    given, other = give(soins, telephone="0612345678"), give(soins, telephone="0612345679")
    services.cancel(rendez_vous=other, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    assert sent(other)[0].etat == Etat.ANNULE
    assert len(sent(other)) == 1
    assert services.remind_rendez_vous(cpts=soins.cpts) == 0
    with horloge.at(given.creneau.debut - timedelta(hours=2)):
        assert services.remind_rendez_vous(cpts=soins.cpts) == 1
        assert services.remind_rendez_vous(cpts=soins.cpts) == 0
    assert [message.gabarit.rpartition("/")[2] for message in sent(given)] == ["sms_donne.txt", "sms_rappel.txt"]


def test_whoever_was_told_just_before_is_not_reminded(soins) -> None:
    given = give(soins, dans=1, telephone="0612345678")
    assert services.remind_rendez_vous(cpts=soins.cpts) == 0
    assert len(sent(given)) == 1
    given.refresh_from_db()
    assert given.rappele_le is not None


def test_moved_the_person_gets_the_new_hour_and_one_reminder(soins) -> None:
    given = give(soins, telephone="0612345678")
    vers = make_creneau(soins, make_pro(soins), dans=30)
    moved = services.move(rendez_vous=given, vers=vers.pk, by=soins.acteur)
    assert [message.etat for message in sent(given)] == [Etat.ANNULE]
    assert len(sent(moved)) == 1
    with horloge.at(vers.debut - timedelta(hours=1)):
        assert services.remind_rendez_vous(cpts=soins.cpts) == 1


def test_the_hour_is_that_of_the_community_across_the_change_of_clocks(soins) -> None:
    soins.cpts.fuseau = "Indian/Reunion"
    soins.cpts.save()
    given = give(soins, telephone="0692 12 34 56")
    (sms,) = sent(given)
    assert sms.adresse == "+262692123456"
    local = given.creneau.debut + timedelta(hours=4)
    assert f"{local.hour}h{local.minute:02d}" in sms.texte


def test_the_link_cancels_once_and_tells_nobody(soins) -> None:
    given = give(soins, nom="Canariquitremble", telephone="0612345678")
    chemin = find_path(sent(given)[0])
    client = Client()
    page = client.get(chemin).content.decode()
    assert "Je ne peux pas venir" in page
    assert "anariquitremble" not in page.lower()
    assert "appelez le" in page
    assert "est annulé" in client.post(chemin).content.decode()
    given.refresh_from_db()
    assert (given.etat, given.motif_annulation) == (EtatRendezVous.ANNULE, MotifAnnulation.PATIENT)
    assert len(sent(given)) == 1
    assert client.get(chemin).status_code == 410


def test_a_cancelled_appointment_that_is_restored_is_said_again(soins) -> None:
    given = give(soins, telephone="0612345678")
    services.cancel(rendez_vous=given, motif=MotifAnnulation.ERREUR, by=soins.acteur)
    services.undo_cancel(rendez_vous=given, by=SYSTEME)
    gabarits = [message.gabarit.rpartition("/")[2] for message in sent(given)]
    assert gabarits == ["sms_donne.txt", "sms_annule.txt", "sms_donne.txt"]


def test_the_demo_inbox_shows_texts_masked_in_the_outbox(soins) -> None:
    from maillon.socle.courriels.selectors import mask_adresse

    given = give(soins, telephone="0612345678")
    assert mask_adresse(sent(given)[0].adresse) == "+336 *** 78"
    assert reverse("courriels", args=[soins.cpts.slug])
