"""MSSanté against real SMTP and IMAP servers: sent, delivered, refused or uncertain, and nothing twice."""

from email import message_from_bytes, policy
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from fabriques.droits import enter, make_acteur, make_cpts, make_membre
from fabriques.messagerie import get_piece, make_boite, make_fil, run_jobs
from maillon.communaute.messagerie.declarations import get_alertes
from maillon.communaute.messagerie.enums import EtatMssante
from maillon.communaute.messagerie.models import BoiteMssante, EnvoiMssante
from maillon.communaute.messagerie.mssante.accuses import describe_statut, parse_accuse
from maillon.communaute.messagerie.mssante.adresses import check_adresse
from maillon.communaute.messagerie.mssante.imap import BoiteInjoignable
from maillon.communaute.messagerie.mssante.livraison import deliver_envoi, read_accuses, review_envois
from maillon.communaute.messagerie.services.mssante import check_boite, resend_document, send_document
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.livraison import ABANDON
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Lecture

# The server does not see that the whole connection is encrypted.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
ADRESSE = "jeanne.durand@medecin.mssante.fr"


def make_accuse(cle: object, action: str = "failed", statut: str = "5.1.1", *, rendu: str = "headers") -> bytes:
    """A report as a mail server writes it; the message is named by its envelope, or by the headers returned."""
    envelope = f"Original-Envelope-Id: {cle}\r\n" if rendu == "enveloppe" else ""
    returned = (
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{cle}@maillon>\r\nSubject: essai\r\n"
        if rendu == "headers"
        else "Content-Type: text/plain\r\n\r\nrien\r\n"
    )
    if rendu == "message":
        returned = f"Content-Type: message/rfc822\r\n\r\nMessage-ID: <{cle}@maillon>\r\nSubject: essai\r\n\r\ntexte\r\n"
    return (
        "From: MAILER-DAEMON@mssante.fr\r\nMessage-ID: <rapport@operateur>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nVotre message…\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; op.mssante.fr\r\n{envelope}\r\n"
        f"Final-Recipient: rfc822; {ADRESSE}\r\nAction: {action}\r\nStatus: {statut}\r\n\r\n"
        f"--b\r\n{returned}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("rendu", ["enveloppe", "headers", "message"])
@pytest.mark.parametrize(
    ("action", "statut", "etat", "raison"),
    [
        ("failed", "5.1.1", EtatMssante.REFUSE, "cette adresse n’existe pas (code 5.1.1)"),
        ("delivered", "2.0.0", EtatMssante.REMIS, ""),
        ("relayed", "2.0.0", EtatMssante.REMIS, ""),
    ],
)
def test_report(rendu, action, statut, etat, raison) -> None:
    cle = uuid4()
    accuse = parse_accuse(make_accuse(cle, action, statut, rendu=rendu))
    assert accuse is not None
    assert (accuse.message_id, accuse.etat, accuse.raison) == (cle, etat, raison)


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\xff\xfe",
        b"Subject: bonjour\r\n\r\nUne question.",
        make_accuse(uuid4(), "delayed", "4.4.1"),
        make_accuse("pas-un-identifiant"),
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--',
    ],
)
def test_any_other_mail_is_no_report(mail) -> None:
    assert parse_accuse(mail) is None


@pytest.mark.parametrize(
    ("statut", "dit"),
    [
        ("5.2.2", "la boîte est pleine (code 5.2.2)"),
        ("5.7.99", "le serveur refuse pour des raisons de sécurité (code 5.7.99)"),
        ("5.9.9", "le serveur du destinataire l’a refusé (code 5.9.9)"),
        ("", "le serveur du destinataire l’a refusé"),
    ],
)
def test_reason_in_words(statut, dit) -> None:
    assert describe_statut(statut) == dit


@pytest.mark.parametrize("adresse", [" Jeanne.Durand@Medecin.MSSante.fr ", "cabinet@exemple.medical.mssante.fr"])
def test_professional_address(adresse) -> None:
    assert check_adresse(adresse) == adresse.strip().lower()


@pytest.mark.parametrize(
    ("adresse", "dit"),
    [
        ("jeanne@example.org", "finit par"),
        ("jeanne@mssante.fr.example.org", "finit par"),
        ("jeanne@mssante.fr", "finit par"),
        ("@medecin.mssante.fr", "finit par"),
        ("a@b.mssante.fr\nBcc: x@y.fr", "finit par"),
        ("275029999999999@patient.mssante.fr", "matricule de santé"),
    ],
)
def test_other_address_is_refused(adresse, dit) -> None:
    with pytest.raises(ValueError, match=dit):
        check_adresse(adresse)


@pytest.fixture
def cpts(db) -> Cpts:
    return make_cpts(fictive=True)


def make_envoi_mssante(cpts: Cpts, port: int, **champs: object) -> EnvoiMssante:
    with use_cpts(cpts.pk):
        if not BoiteMssante.objects.exists():
            make_boite(cpts, smtp_port=port, **champs)
        fil = make_fil(cpts)
        return send_document(fil=fil, piece=get_piece(fil), adresse=ADRESSE, texte="Pour avis.", by=SYSTEME)


def deliver(envoi: EnvoiMssante) -> EtatMssante | None:
    return deliver_envoi(cpts_id=envoi.cpts_id, envoi_id=envoi.pk)


def reload(envoi: EnvoiMssante) -> EnvoiMssante:
    with use_cpts(envoi.cpts_id):
        return EnvoiMssante.objects.get(pk=envoi.pk)


def test_document_leaves_and_its_report_is_asked(cpts, operateur) -> None:
    envoi = make_envoi_mssante(cpts, operateur.port)
    assert run_jobs("messagerie.mssante") == 1
    assert (reload(envoi).etat, reload(envoi).raison) == (EtatMssante.ENVOYE, "")
    assert deliver(envoi) is None
    (recu,) = operateur.recus
    mail = message_from_bytes(recu, policy=policy.default)
    assert (mail["From"], mail["To"]) == ("cpts@essai.mssante.fr", ADRESSE)
    assert mail["Subject"] == f"Document transmis par {cpts.nom}"
    (piece,) = mail.iter_attachments()
    assert (piece.get_filename(), piece.get_payload(decode=True)) == ("compte-rendu.pdf", b"%PDF-1.7 essai")
    assert f"ENVID={envoi.pk}" in operateur.enveloppes
    assert "NOTIFY=SUCCESS,FAILURE,DELAY" in operateur.enveloppes
    with use_cpts(cpts.pk):
        assert Lecture.objects.filter(quoi="document", pourquoi="envoi MSSanté").count() == 1
        row = EnvoiMssante.objects.values().get(pk=envoi.pk)
        boite = BoiteMssante.objects.values().get()
    assert b"durand" not in bytes(row["destinataire"])
    assert b"secret" not in bytes(boite["secret"])
    assert not [job for job in ProcrastinateJob.objects.values_list("args", flat=True) if "durand" in str(job)]


@pytest.mark.parametrize(
    ("humeur", "etat", "raison"),
    [("refuse", EtatMssante.REFUSE, "refus définitif"), ("coupe_apres", EtatMssante.INCERTAIN, "coupé la connexion")],
)
def test_refused_or_uncertain_waits_for_a_person(cpts, operateur, humeur, etat, raison) -> None:
    operateur.humeur = humeur
    envoi = make_envoi_mssante(cpts, operateur.port)
    assert deliver(envoi) is etat
    assert raison in reload(envoi).raison
    operateur.humeur = "accepte"
    assert deliver(envoi) is None  # never again by itself
    with use_cpts(cpts.pk):
        assert resend_document(envoi=envoi, by=SYSTEME)
        assert not resend_document(envoi=envoi, by=SYSTEME)
    assert deliver(envoi) is EtatMssante.ENVOYE


def test_certificate_is_verified(cpts, operateur, monkeypatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    envoi = make_envoi_mssante(cpts, operateur.port)
    assert deliver(envoi) is EtatMssante.A_ENVOYER
    assert "connexion chiffrée" in reload(envoi).raison
    assert operateur.recus == []


def test_only_allowed_machines(cpts, operateur, settings) -> None:
    envoi = make_envoi_mssante(cpts, operateur.port)
    settings.MAILLON_MSSANTE_HOTES = [".mssante.fr"]
    assert deliver(envoi) is EtatMssante.ECHEC
    assert "ne se connecte pas à ce serveur" in reload(envoi).raison
    assert operateur.recus == []


def test_dead_worker_makes_it_uncertain(cpts, operateur) -> None:
    envoi = make_envoi_mssante(cpts, operateur.port)
    with use_cpts(cpts.pk):
        EnvoiMssante.objects.filter(pk=envoi.pk).update(etat=EtatMssante.EN_COURS, pris_le=horloge.now() - 2 * ABANDON)
        assert review_envois(cpts_id=cpts.pk) == 1
    assert deliver(envoi) is None
    assert reload(envoi).etat == EtatMssante.INCERTAIN


def test_lost_job_is_made_again_once(cpts, operateur) -> None:
    envoi = make_envoi_mssante(cpts, operateur.port)
    ProcrastinateJob.objects.all().delete()
    with horloge.at(horloge.now() + 2 * ABANDON), use_cpts(cpts.pk):
        review_envois(cpts_id=cpts.pk)
        review_envois(cpts_id=cpts.pk)
    assert run_jobs("messagerie.mssante") == 1
    assert reload(envoi).etat == EtatMssante.ENVOYE


def test_reports_are_read_once_and_matched(cpts, operateur, imap) -> None:
    remis, refuse, muet = (
        make_envoi_mssante(cpts, operateur.port, imap_hote="localhost", imap_port=imap.port) for _ in range(3)
    )
    for envoi in (remis, refuse, muet):
        deliver(envoi)
    imap.receive(b"From: a@b.mssante.fr\r\nSubject: bonjour\r\n\r\nUne question.\r\n")
    imap.receive(make_accuse(remis.pk, "delivered", "2.0.0", rendu="enveloppe"))
    imap.receive(make_accuse(uuid4()))
    imap.receive(b"X: " + b"y" * 300_000 + b"\r\n\r\n" + make_accuse(muet.pk))
    app.tasks["messagerie.relever"](timestamp=0)
    assert run_jobs("messagerie.accuses") == 1
    assert (reload(remis).etat, reload(refuse).etat) == (EtatMssante.REMIS, EtatMssante.ENVOYE)
    imap.receive(make_accuse(refuse.pk))
    imap.receive(make_accuse(refuse.pk, "delivered", "2.0.0"))  # late, out of order: a refusal stays
    assert read_accuses(cpts_id=cpts.pk) == 1
    assert reload(refuse).raison == "cette adresse n’existe pas (code 5.1.1)"
    assert read_accuses(cpts_id=cpts.pk) == 0
    assert (reload(refuse).etat, reload(muet).etat) == (EtatMssante.REFUSE, EtatMssante.ENVOYE)


def test_trying_the_mailbox_says_what_is_wrong(cpts, operateur, imap) -> None:
    with use_cpts(cpts.pk):
        boite = make_boite(cpts, smtp_port=operateur.port, imap_hote="localhost", imap_port=imap.port)
    assert check_boite(cpts_id=cpts.pk) == ""
    with use_cpts(cpts.pk):
        boite.write_secret("faux")
        boite.save()
    assert check_boite(cpts_id=cpts.pk) == "le serveur refuse l’identifiant ou le mot de passe"
    with pytest.raises(BoiteInjoignable):
        read_accuses(cpts_id=cpts.pk)
    with use_cpts(cpts.pk):
        assert "refuse l’identifiant" in BoiteMssante.objects.get().verification


def test_settings_page_never_gives_the_password_to_another_server(client, cpts, settings) -> None:
    settings.MAILLON_MSSANTE_HOTES = [".mssante.fr"]
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    page = reverse("messagerie:boite", args=[cpts.slug])
    champs = {
        "adresse": "cpts@essai.mssante.fr",
        "identifiant": "cpts",
        "mot_de_passe": "phrase-canari",
        "smtp_hote": "smtp.essai.mssante.fr",
        "smtp_port": 465,
        "smtp_securite": "smtps",
        "imap_hote": "",
        "imap_port": 993,
    }
    assert client.post(page, {**champs, "smtp_hote": "169.254.169.254"}).status_code == 422
    assert client.post(page, champs).status_code == 302
    assert "phrase-canari" not in client.get(page).content.decode()
    settings.MAILLON_SMTP_DELAI_S = 1
    settings.MAILLON_MSSANTE_HOTES = []  # the job is asked the same question as the form
    assert run_jobs("messagerie.essayer_mssante") == 1
    assert "ne se connecte pas à ce serveur" in client.get(page).content.decode()
    settings.MAILLON_MSSANTE_HOTES = [".mssante.fr"]
    moved = client.post(page, {**champs, "mot_de_passe": "", "smtp_hote": "autre.mssante.fr"})
    assert moved.status_code == 422
    assert "Saisissez de nouveau le mot de passe" in moved.content.decode()
    with use_cpts(cpts.pk):
        assert BoiteMssante.objects.get().mot_de_passe == "phrase-canari"


def test_refusal_shows_in_the_thread(client, cpts) -> None:
    membre = make_membre(cpts, Role.SECRETARIAT)
    with use_cpts(cpts.pk):
        make_boite(cpts)
        fil = make_fil(cpts, membre)
        piece = get_piece(fil)
    enter(client, membre.compte)
    page = reverse("messagerie:envoyer_mssante", args=[cpts.slug, fil.pk, piece.pk])
    assert client.post(page, {"adresse": "jeanne@example.org"}).status_code == 422
    assert client.post(page, {"adresse": ADRESSE}).status_code == 302
    with use_cpts(cpts.pk):
        EnvoiMssante.objects.update(etat=EtatMssante.REFUSE, raison=describe_statut("5.1.1"))
        key: UUID = EnvoiMssante.objects.get().pk
        (alerte,) = get_alertes(cpts.pk, make_acteur(membre), horloge.now())
    assert (alerte.phrase, alerte.urgente) == ("1\xa0document n’est pas arrivé par MSSanté", True)
    assert alerte.url == reverse("messagerie:fil", args=[cpts.slug, fil.pk])
    body = client.get(reverse("messagerie:fil", args=[cpts.slug, fil.pk])).content.decode()
    assert "Cette adresse n’existe pas (code 5.1.1)." in body
    assert str(key) in body
