"""Delivery against a real server: sent, failed (visible) or uncertain (visible), and nothing twice."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from fabriques.courriels import make_message
from fabriques.droits import make_cpts
from maillon.socle import horloge
from maillon.socle.contexte import get_contexte, use_cpts
from maillon.socle.courriels import livraison, smtp
from maillon.socle.courriels.adresse import ServeurSmtp
from maillon.socle.courriels.livraison import REPRISES, deliver_message, review_outbox
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.courriels.services import cancel_for, resend
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import find_content, store_fichier
from maillon.socle.journal.models import Ecriture

pytestmark = pytest.mark.django_db


@pytest.fixture
def cpts():
    return make_cpts()


def reload(message: Message) -> Message:
    with use_cpts(message.cpts_id):
        return Message.objects.get(pk=message.pk)


def deliver(message: Message) -> Etat | None:
    return deliver_message(cpts_id=message.cpts_id, message_id=str(message.pk))


def waiting_jobs() -> list[dict]:
    return list(
        ProcrastinateJob.objects.filter(task_name="courriels.envoyer", scheduled_at__isnull=False).values(
            "args", "scheduled_at"
        )
    )


def test_sent(cpts, facteur) -> None:
    message = make_message(
        cpts, texte="Bonjour,\n\n.ligne qui commence par un point\nÀ bientôt : http://localhost/l/abc/"
    )
    assert deliver(message) is Etat.ENVOYE
    after = reload(message)
    assert (after.etat, after.tentatives, after.erreur) == (Etat.ENVOYE, 1, "")
    assert after.envoye_le is not None
    assert facteur.destinataires == ["jeanne@example.org"]
    mail = message_from_bytes(facteur.recus[0], policy=policy.default)
    assert mail["Subject"] == message.sujet
    assert mail["Message-ID"] == f"<{message.pk}@maillon>"
    assert mail.get_content().replace("\r\n", "\n").strip() == message.texte
    assert deliver(message) is None
    assert len(facteur.recus) == 1


@pytest.mark.parametrize("humeur", ["refuse", "refuse_texte"])
def test_definitive_refusal_is_a_failure_at_once(cpts, facteur, humeur) -> None:
    facteur.humeur = humeur
    message = make_message(cpts)
    assert deliver(message) is Etat.ECHEC
    after = reload(message)
    assert "refus définitif du serveur" in after.erreur
    assert "jeanne" not in after.erreur
    assert waiting_jobs() == []


@pytest.mark.parametrize(
    ("humeur", "reason"),
    [("remet", "refus provisoire"), ("muet", "ne répond pas"), ("coupe_avant", "coupé la connexion")],
)
def test_trouble_before_the_text_is_tried_again(cpts, facteur, humeur, reason) -> None:
    facteur.humeur = humeur
    message = make_message(cpts)
    assert deliver(message) is Etat.A_ENVOYER
    after = reload(message)
    assert reason in after.erreur
    assert after.prochain_essai_le is not None
    assert len(waiting_jobs()) == 1
    facteur.humeur = "accepte"
    assert deliver(message) is Etat.ENVOYE
    assert (reload(message).tentatives, reload(message).erreur, len(facteur.recus)) == (2, "", 1)


def test_nobody_listens(cpts, facteur, settings) -> None:
    settings.MAILLON_SMTP = ServeurSmtp("smtp", "127.0.0.1", 1)
    message = make_message(cpts)
    assert deliver(message) is Etat.A_ENVOYER
    assert "injoignable" in reload(message).erreur


@pytest.mark.parametrize("humeur", ["coupe_apres", "muet_apres"])
def test_trouble_after_the_text_is_uncertain(cpts, facteur, humeur) -> None:
    facteur.humeur = humeur
    message = make_message(cpts)
    assert deliver(message) is Etat.INCERTAIN
    assert reload(message).etat == Etat.INCERTAIN
    assert waiting_jobs() == []
    facteur.humeur = "accepte"
    assert deliver(message) is None  # never again by itself
    assert len(facteur.recus) == 1
    with use_cpts(cpts.pk):
        assert resend(message=reload(message), by=SYSTEME)
        assert not resend(message=reload(message), by=SYSTEME)
    assert deliver(message) is Etat.ENVOYE
    assert len(facteur.recus) == 2


def test_delays_grow_then_the_failure_shows(cpts, facteur) -> None:
    facteur.humeur = "remet"
    message = make_message(cpts)
    waits = []
    for _ in REPRISES:
        before = horloge.now()
        assert deliver(message) is Etat.A_ENVOYER
        waits.append(round((reload(message).prochain_essai_le - before).total_seconds() / 60))
    assert waits == list(REPRISES)
    assert waits == sorted(set(waits))
    assert deliver(message) is Etat.ECHEC
    assert reload(message).tentatives == len(REPRISES) + 1


def test_no_transaction_while_the_server_talks(cpts, facteur, monkeypatch) -> None:
    message = make_message(cpts)
    seen = []
    outside = len(connection.savepoint_ids)

    def spy(*args, **kwargs) -> None:
        seen.append((get_contexte().cpts_id, len(connection.savepoint_ids)))

    monkeypatch.setattr(livraison.smtp, "send", spy)
    assert deliver(message) is Etat.ENVOYE
    assert seen == [(None, outside)]


def test_claim_is_written_before_the_server_is_called(cpts, facteur, monkeypatch) -> None:
    """A worker killed while it talks leaves the message « en cours », which becomes uncertain, never sent twice."""

    class Killed(BaseException):
        pass

    def die(*args, **kwargs) -> None:
        raise Killed

    message = make_message(cpts)
    monkeypatch.setattr(livraison.smtp, "send", die)
    with pytest.raises(Killed):
        deliver(message)
    monkeypatch.undo()
    assert reload(message).etat == Etat.EN_COURS
    assert deliver(message) is None  # the recovered job does not send it again
    with use_cpts(cpts.pk):
        assert review_outbox(cpts_id=cpts.pk)["incertains"] == 0
        with horloge.at(horloge.now() + livraison.ABANDON + timedelta(seconds=1)):
            assert review_outbox(cpts_id=cpts.pk)["incertains"] == 1
    assert reload(message).etat == Etat.INCERTAIN
    assert facteur.recus == []


def test_late_outcome_does_not_undo_uncertain(cpts, facteur, monkeypatch) -> None:
    message = make_message(cpts)

    def slow(*args, **kwargs) -> None:
        with use_cpts(cpts.pk):
            Message.objects.filter(pk=message.pk).update(etat=Etat.INCERTAIN)

    monkeypatch.setattr(livraison.smtp, "send", slow)
    assert deliver(message) is None
    assert reload(message).etat == Etat.INCERTAIN


def test_lost_job_is_made_again_once(cpts, facteur) -> None:
    message = make_message(cpts)
    later = horloge.now() + livraison.ABANDON + timedelta(seconds=1)
    with horloge.at(later), use_cpts(cpts.pk):
        assert review_outbox(cpts_id=cpts.pk)["repris"] == 1
        review_outbox(cpts_id=cpts.pk)
    locks = ProcrastinateJob.objects.filter(queueing_lock=f"courriel:{message.pk}")
    assert locks.count() == 1


def test_message_waiting_for_its_next_try_is_left_alone(cpts, facteur) -> None:
    facteur.humeur = "remet"
    message = make_message(cpts)
    with horloge.at(horloge.now() - timedelta(hours=1)):
        for _ in range(4):
            deliver(message)
    with use_cpts(cpts.pk):
        Message.objects.filter(pk=message.pk).update(cree_le=horloge.now() - timedelta(hours=2))
        assert review_outbox(cpts_id=cpts.pk)["repris"] == 0


def test_text_is_emptied_after_a_month(cpts, facteur) -> None:
    message = make_message(cpts)
    deliver(message)
    with horloge.at(horloge.now() + timedelta(days=31)), use_cpts(cpts.pk):
        assert review_outbox(cpts_id=cpts.pk)["vides"] == 1
        assert review_outbox(cpts_id=cpts.pk)["vides"] == 0
    assert reload(message).texte == ""
    assert reload(message).sujet == message.sujet


def test_cancelled_is_not_sent(cpts, facteur) -> None:
    message = make_message(cpts)
    with use_cpts(cpts.pk):
        assert cancel_for(cpts_id=cpts.pk, objet_id=message.objet_id) == 1
    assert deliver(message) is None
    assert facteur.recus == []


@pytest.mark.parametrize("to", ["jeanne@example.org\nBcc: tous@example.org", "jéanne@example.org"])
def test_unusable_address_is_a_failure(cpts, facteur, to) -> None:
    message = make_message(cpts, to=to)
    assert deliver(message) is Etat.ECHEC
    assert reload(message).erreur == "l’adresse n’est pas valable"


def test_without_server(cpts, settings) -> None:
    settings.MAILLON_SMTP = None
    settings.MAILLON_COURRIELS_CONSERVES = True
    kept = make_message(cpts)
    assert deliver(kept) is Etat.ENVOYE
    settings.MAILLON_COURRIELS_CONSERVES = False
    lost = make_message(cpts)
    assert deliver(lost) is Etat.A_ENVOYER
    assert "MAILLON_SMTP_URL" in reload(lost).erreur


def test_wrong_password_is_said_and_tried_again(facteur, settings) -> None:
    settings.MAILLON_SMTP = ServeurSmtp(
        "smtp", settings.MAILLON_SMTP.hote, settings.MAILLON_SMTP.port, "moi", "mauvais"
    )
    with pytest.raises(smtp.EnvoiRefuse) as refusal:
        smtp.send(settings.MAILLON_SMTP, smtp.Enveloppe("1", "a@example.org", "s", "t"))
    assert not refusal.value.definitif


def test_attachments_leave_with_the_text_in_their_order(cpts, facteur, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    with use_cpts(cpts.pk):
        pieces = [
            store_fichier(cpts_id=cpts.pk, nom=nom, contenu=contenu, by=SYSTEME)
            for nom, contenu in (("Réunion d’été.pdf", b"%PDF-1.7 essai"), ("liste.csv", "a;é".encode("cp1252")))
        ]
    message = make_message(cpts, pieces=[piece.pk for piece in pieces])
    assert deliver(message) is Etat.ENVOYE
    mail = message_from_bytes(facteur.recus[0], policy=policy.default)
    received = [(part.get_filename(), part.get_payload(decode=True)) for part in mail.iter_attachments()]
    assert received == [("Réunion d’été.pdf", b"%PDF-1.7 essai"), ("liste.csv", "a;é".encode("cp1252"))]
    find_content(pieces[0]).write_bytes(b"%PDF-1.7 autre")
    changed = make_message(cpts, pieces=[pieces[0].pk])
    assert deliver(changed) is Etat.ECHEC
    assert "une pièce jointe manque" in reload(changed).erreur
    assert len(facteur.recus) == 1


def test_nothing_readable_in_the_outbox(cpts) -> None:
    message = make_message(cpts, to="canari@example.org", texte="http://localhost/l/canari-jeton/")
    with use_cpts(cpts.pk):
        row = Message.objects.filter(pk=message.pk).values().get()
        history = list(Ecriture.objects.values())
    assert b"canari" not in bytes(row["destinataire"]) + bytes(row["texte_chiffre"])
    assert "canari" not in str({key: value for key, value in row.items() if isinstance(value, str)}) + str(history)
    jobs = ProcrastinateJob.objects.filter(task_name="courriels.envoyer").values_list("args", flat=True)
    assert {frozenset(arguments) for arguments in jobs} == {frozenset({"cpts_id", "message_id"})}
