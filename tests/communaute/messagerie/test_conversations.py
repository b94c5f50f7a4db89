"""Conversations between members: who reads, what waits, what the mail says, what is kept."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from fabriques.droits import enter, make_acteur, make_cpts, make_membre
from fabriques.messagerie import PDF, make_conversation, make_fil, make_gens, run_jobs
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from maillon.communaute.messagerie.declarations import get_alertes
from maillon.communaute.messagerie.models import Conversation, MessageConversation, Participant
from maillon.communaute.messagerie.selectors.conversations import list_conversations
from maillon.communaute.messagerie.services.avis import INTERVALLE, warn_participants
from maillon.communaute.messagerie.services.commun import MessageRefuse
from maillon.communaute.messagerie.services.conservation import expire, months_before
from maillon.communaute.messagerie.services.conversations import archive, leave, open_conversation, post_message, rejoin
from maillon.communaute.personnes.services import keep_membre
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import find_content

pytestmark = pytest.mark.django_db


@pytest.fixture
def cpts() -> Cpts:
    return make_cpts(fictive=True)


def notices(cpts: Cpts) -> list[Message]:
    return list(Message.objects.filter(gabarit__endswith="message_attend.txt").order_by("cree_le"))


def test_message_is_unread_until_the_page_is_opened(client, cpts) -> None:
    with use_cpts(cpts.pk):
        lucie, _ = make_gens(cpts, Role.BUREAU)
        _, claire = make_gens(cpts, Role.COORDINATION)
        conversation = open_conversation(cpts_id=cpts.pk, personnes=[lucie], texte="Bonjour <b>Lucie</b>", by=claire)
    enter(client, lucie.membre.compte)
    page = reverse("messagerie:conversations", args=[cpts.slug])
    assert "1\xa0non lu" in client.get(page).content.decode()
    with use_cpts(cpts.pk):
        (alerte,) = get_alertes(cpts.pk, make_acteur_of(lucie), horloge.now())
    assert alerte.phrase == "1\xa0conversation a des messages non lus"
    assert alerte.url == reverse("messagerie:conversation", args=[cpts.slug, conversation.pk])
    body = client.get(alerte.url).content.decode()
    assert "Bonjour &lt;b&gt;Lucie" in body
    assert "non lu" not in client.get(page).content.decode()
    with use_cpts(cpts.pk):
        assert get_alertes(cpts.pk, make_acteur_of(lucie), horloge.now()) == []


def make_acteur_of(personne):
    return make_acteur(personne.membre)


def test_mail_says_only_that_something_waits_and_at_most_once_an_hour(cpts) -> None:
    with use_cpts(cpts.pk):
        lucie, sa_main = make_gens(cpts, Role.BUREAU)
        _, claire = make_gens(cpts, Role.COORDINATION)
        start = horloge.now()
        conversation = open_conversation(
            cpts_id=cpts.pk, personnes=[lucie], titre="Objet-canari", texte="Texte-canari", by=claire
        )
        for minute in (5, 10):
            with horloge.at(start + timedelta(minutes=minute)):
                post_message(conversation=conversation, texte="encore", by=claire)
        (mail,) = notices(cpts)
        assert mail.adresse == lucie.courriel
        assert "canari" not in (mail.sujet + mail.texte).lower()
        assert claire.nom not in mail.texte
        assert f"/messages/{conversation.pk}/" in mail.texte
        jobs = ProcrastinateJob.objects.filter(task_name="messagerie.prevenir", status="todo")
        assert [job.args["conversation_id"] for job in jobs] == [str(conversation.pk)]
        conversation.refresh_from_db()
        with horloge.at(start + INTERVALLE + timedelta(minutes=1)):
            assert run_jobs("messagerie.prevenir") == 1
            assert warn_participants(conversation) == 0
        assert len(notices(cpts)) == 2
        with horloge.at(start + timedelta(hours=3)):
            post_message(conversation=conversation, texte="Je réponds", by=sa_main)
        assert [len(notices(cpts)), notices(cpts)[-1].adresse != lucie.courriel] == [3, True]


def test_group_follows_its_people(cpts) -> None:
    with use_cpts(cpts.pk):
        groupe = GroupeFabrique(cpts=cpts)
        ancien, _ = make_gens(cpts, Role.BUREAU)
        place = AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=ancien)
        _, claire = make_gens(cpts, Role.COORDINATION)
        conversation = open_conversation(cpts_id=cpts.pk, groupe=groupe, texte="Bonjour", by=claire)
        nouveau, sa_main = make_gens(cpts, Role.PROFESSIONNEL)
        AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=nouveau)
        place.jusqu_a = horloge.today()
        place.save()
        post_message(conversation=conversation, texte="Bienvenue", by=claire)
        assert not Conversation.objects.visible_to(make_acteur_of(ancien)).exists()
        assert Conversation.objects.visible_to(sa_main).exists()
        with pytest.raises(MessageRefuse, match="quittant le groupe"):
            leave(participant=Participant.objects.get(personne=nouveau), by=sa_main)
        # Out of the group one does not come back by oneself; back in the group, one does.
        with pytest.raises(MessageRefuse, match="revenant dans le groupe"):
            rejoin(conversation=conversation, by=make_acteur_of(ancien))
        AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=ancien)
        post_message(conversation=conversation, texte="Bon retour", by=claire)
        assert Conversation.objects.visible_to(make_acteur_of(ancien)).exists()


def test_nobody_to_read_is_refused(cpts) -> None:
    with use_cpts(cpts.pk):
        _, claire = make_gens(cpts, Role.COORDINATION)
        with pytest.raises(MessageRefuse, match="choisissez à qui écrire"):
            open_conversation(cpts_id=cpts.pk, groupe=GroupeFabrique(cpts=cpts), texte="Seule", by=claire)


def test_search_finds_subject_words_and_people_but_nothing_about_patients(cpts) -> None:
    membre = make_membre(cpts, Role.COORDINATION)
    with use_cpts(cpts.pk):
        conversation = make_conversation(cpts, membre, titre="Été", texte="La salle des Ursules")
        make_fil(cpts, membre, texte="secret-canari")
        moi, acteur = keep_membre(membre=membre, by=SYSTEME), make_acteur(membre)

        def found(texte: str) -> list[object]:
            return [c.pk for c in list_conversations(acteur, moi, texte=texte)]

        assert found("ete ursules") == found("salle") == [conversation.pk]
        assert found("durand") == [conversation.pk]  # the other person's name, in an ordinary conversation only
        assert found("secret-canari") == found("introuvable") == []


def test_put_away_comes_back_with_the_next_message(cpts) -> None:
    membre = make_membre(cpts, Role.COORDINATION)
    with use_cpts(cpts.pk):
        conversation = make_conversation(cpts, membre)
        autre = Participant.objects.exclude(personne__membre=membre).get().personne
        participant = Participant.objects.get(conversation=conversation, personne__membre=membre)
        moi, acteur = participant.personne, make_acteur_of(participant.personne)
        archive(participant=participant, archivee=True)
        assert not list_conversations(acteur, moi).exists()
        assert list_conversations(acteur, moi, archivees=True).get() == conversation
        post_message(conversation=conversation, texte="Une suite", by=make_acteur_of(autre))
        assert list_conversations(acteur, moi).get() == conversation


def test_documents_open_to_participants_only(client, cpts) -> None:
    membre = make_membre(cpts, Role.COORDINATION)
    with use_cpts(cpts.pk):
        conversation = make_conversation(cpts, membre)
    page = reverse("messagerie:conversation", args=[cpts.slug, conversation.pk])
    enter(client, membre.compte)
    faux = SimpleUploadedFile("virus.pdf", b"MZ\x90\x00", "application/pdf")
    refused = client.post(page, {"texte": "", "pieces": [faux]})
    assert (refused.status_code, "n’est pas d’un type accepté" in refused.content.decode()) == (422, True)
    good = [SimpleUploadedFile(f"{nom}.pdf", PDF.contenu + nom.encode()) for nom in ("un", "deux")]
    assert client.post(page, {"texte": "", "pieces": good}).status_code == 302
    with use_cpts(cpts.pk):
        assert MessageConversation.objects.count() == 2
        keys = list(Fichier.objects.values_list("pk", flat=True))
    assert len(keys) == 2
    address = reverse("fichiers_telecharger", args=[cpts.slug, keys[0]])
    assert client.get(address).status_code == 200
    enter(client, make_membre(cpts, Role.PRESIDENT).compte)
    assert client.get(address).status_code == 404
    assert client.get(page).status_code == 404


def test_leaving_closes_the_page_and_can_be_undone(client, cpts) -> None:
    membre = make_membre(cpts, Role.COORDINATION)
    with use_cpts(cpts.pk):
        conversation = make_conversation(cpts, membre)
    enter(client, membre.compte)
    page = reverse("messagerie:conversation", args=[cpts.slug, conversation.pk])
    quitter, revenir = f"{page}quitter/", f"{page}revenir/"
    assert revenir in client.post(quitter, follow=True).content.decode()
    assert client.get(page).status_code == 404
    client.post(revenir)
    assert client.get(page).status_code == 200


def test_somebody_else_is_brought_in_and_reads_from_the_start(client, cpts) -> None:
    membre = make_membre(cpts, Role.COORDINATION)
    with use_cpts(cpts.pk):
        conversation = make_conversation(cpts, membre, texte="Le premier mot")
        lucie, _ = make_gens(cpts, Role.SECRETARIAT)
        sans_compte = PersonneFabrique(cpts=cpts)
    enter(client, membre.compte)
    page = reverse("messagerie:conversation", args=[cpts.slug, conversation.pk])
    client.post(f"{page}ajouter/", {"personne": sans_compte.pk})
    client.post(f"{page}ajouter/", {"personne": lucie.pk})
    with use_cpts(cpts.pk):
        assert Participant.objects.filter(conversation=conversation).count() == 3
        assert notices(cpts)[-1].adresse == lucie.courriel
    enter(client, lucie.membre.compte)
    assert "Le premier mot" in client.get(page).content.decode()


def test_coordination_writes_to_a_group_and_stays_in_its_conversation(client, cpts) -> None:
    membre = make_membre(cpts, Role.COORDINATION)
    with use_cpts(cpts.pk):
        groupe = GroupeFabrique(cpts=cpts)
        lucie, sa_main = make_gens(cpts, Role.BUREAU)
        AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=lucie)
    enter(client, membre.compte)
    champs = {"groupe": groupe.pk, "texte": "Bonjour à tous"}
    page = client.post(reverse("messagerie:nouvelle", args=[cpts.slug]), champs).url
    with use_cpts(cpts.pk):
        post_message(conversation=Conversation.objects.get(), texte="Bonjour Claire", by=sa_main)
    assert "Bonjour Claire" in client.get(page).content.decode()


def test_news_come_by_themselves_then_the_page_waits(client, cpts) -> None:
    membre = make_membre(cpts, Role.COORDINATION)
    with use_cpts(cpts.pk):
        conversation = make_conversation(cpts, membre)
        autre = make_acteur_of(Participant.objects.exclude(personne__membre=membre).get().personne)
    enter(client, membre.compte)
    suite = reverse("messagerie:suite", args=[cpts.slug, conversation.pk])
    depuis = conversation.dernier_le.isoformat().replace("+00:00", "Z")
    quiet = client.get(suite, {"depuis": depuis, "tour": "1"}).content.decode()
    assert ("bulle" in quiet, "tour=2" in quiet) == (False, True)
    with use_cpts(cpts.pk):
        post_message(conversation=conversation, texte="Du nouveau", by=autre)
    assert "Du nouveau" in client.get(suite, {"depuis": depuis, "tour": "1"}).content.decode()
    last = client.get(suite, {"depuis": depuis, "tour": "20"}).content.decode()
    assert ("hx-get" in last, "Actualiser" in last) == (False, True)
    assert client.get(suite, {"depuis": "hier", "tour": "x"}).status_code == 200


def test_queries_do_not_grow_with_conversations(client, cpts, django_assert_max_num_queries) -> None:
    membre = make_membre(cpts, Role.COORDINATION)
    enter(client, membre.compte)
    page = reverse("messagerie:conversations", args=[cpts.slug])
    with use_cpts(cpts.pk):
        for _ in range(6):
            make_conversation(cpts, membre)
    with django_assert_max_num_queries(25):
        assert client.get(page).content.decode().count('<a class="echange') == 6


def test_new_message_page_chooses_people_with_an_account(client, cpts) -> None:
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    page = reverse("messagerie:nouvelle", args=[cpts.slug])
    with use_cpts(cpts.pk):
        sans_compte = PersonneFabrique(cpts=cpts)
        lucie, _ = make_gens(cpts, Role.BUREAU)
    assert str(sans_compte.pk) not in client.get(page).content.decode()
    assert client.post(page, {"texte": "Bonjour"}).status_code == 422
    assert client.post(page, {"personnes": [sans_compte.pk], "texte": "Bonjour"}).status_code == 422
    assert client.post(page, {"personnes": [lucie.pk], "texte": "Bonjour"}).status_code == 302
    with use_cpts(cpts.pk):
        assert MessageConversation.objects.get().texte == "Bonjour"


def test_a_partner_writes_to_those_who_answer_for_the_community(client, cpts) -> None:
    enter(client, make_membre(cpts, Role.PARTENAIRE).compte)
    page = reverse("messagerie:nouvelle", args=[cpts.slug])
    with use_cpts(cpts.pk):
        claire, _ = make_gens(cpts, Role.COORDINATION)
        lucie, _ = make_gens(cpts, Role.BUREAU)
    propose = client.get(page).content.decode()
    assert (str(claire.pk) in propose, str(lucie.pk) in propose) == (True, False)
    assert client.post(page, {"personnes": [lucie.pk], "texte": "Bonjour"}).status_code == 422
    assert client.post(page, {"personnes": [claire.pk], "texte": "Une sortie se prépare"}).status_code == 302


def test_silent_conversation_is_deleted_with_its_documents(cpts, settings, django_capture_on_commit_callbacks) -> None:
    with use_cpts(cpts.pk):
        conversation = make_conversation(cpts, pieces=[PDF])
        chemin = find_content(Fichier.objects.get())
        later = conversation.dernier_le + timedelta(days=31 * settings.MAILLON_CONSERVATION_MESSAGES_MOIS + 1)
        assert expire(cpts_id=cpts.pk, moment=conversation.dernier_le) == (0, 0)
        with django_capture_on_commit_callbacks(execute=True):
            assert expire(cpts_id=cpts.pk, moment=later) == (0, 1)
        assert not MessageConversation.objects.exists()
    assert not chemin.exists()


def test_months_before_keeps_the_end_of_the_month() -> None:
    moment = horloge.now().replace(year=2026, month=3, day=31)
    assert months_before(moment, 1).date().isoformat() == "2026-02-28"
    assert months_before(moment, 15).date().isoformat() == "2024-12-31"
