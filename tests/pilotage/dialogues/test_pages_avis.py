"""Opinions given and answered, from the meeting to the closing, and what each side is shown."""

from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fabriques.dialogues import accept, answer, contest, decide, sign
from fabriques.droits import enter, make_agent, make_compte
from fabriques.pages_dialogues import avis_of, read
from maillon.pilotage.contrats.models import Constat
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.pilotage.contrats.services import record_constat
from maillon.pilotage.cycle.models import Jalon
from maillon.pilotage.dialogues import services
from maillon.pilotage.dialogues.alertes import list_alertes, list_alertes_territoire
from maillon.pilotage.dialogues.enums import Etat, Organisme, Position
from maillon.pilotage.dialogues.models import Avis, Decision, Reponse
from maillon.socle.contexte import read_cpts, use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.selectors import acteur_of_compte
from maillon.socle.horloge import now, today
from maillon.socle.journal.models import Entree

PDF = b"%PDF-1.7 essai"


# Opinions ------------------------------------------------------------------------------------------------------------


def test_the_cpam_contests_the_coordinator_answers_the_cpam_accepts(cpts, transmis, membre, url):
    compte = make_compte(email="cpam@example.org")
    make_agent(RoleTerritorial.CPAM, compte=compte)
    cpam, coordination = enter(Client(), compte), membre(Role.COORDINATION)
    reponse = cpam.post(
        url("donner_avis", transmis), avis_of(transmis, "ald", "conteste", motif="Nous lisons 104.", valeur="104")
    )
    assert reponse.status_code == 302
    with use_cpts(cpts.pk):
        avis = Avis.objects.get()
        assert (avis.organisme, avis.valeur, avis.agent) == ("cpam", Decimal(104), compte.pk)
        entree = Entree.objects.get(evenement="dialogues.avis_conteste")
        assert (entree.compte_id, "cpam" in entree.acteur) == (compte.pk, True)
    texte = read(coordination.get(url("fiche", transmis)))
    assert "La CPAM conteste 1 indicateur (6 000 €)." in texte
    assert "Nous lisons 104." in texte
    donnees = {
        "texte": "Voici la liste.",
        "valeur_corrigee": "100",
        "document": SimpleUploadedFile("liste.pdf", PDF),
    }
    adresse = url("repondre", transmis, avis.pk)
    assert "Retirez les noms du document" in read(refus := coordination.post(adresse, donnees))
    assert refus.status_code == 422
    donnees |= {"document": SimpleUploadedFile("liste.pdf", PDF), "sans_nom": "on"}
    assert coordination.post(adresse, donnees).status_code == 302
    with use_cpts(cpts.pk):
        message = Message.objects.get(gabarit="dialogues/courriels/reponse.txt")
        assert message.adresse == "cpam@example.org"
        assert "100" not in message.texte.replace(str(transmis.pk), ""), "a link, never a figure"
        rendue = Reponse.objects.get()
    document = cpam.get(url("territoire_reponse", transmis, rendue.pk))
    assert (document.content, "attachment" in document["Content-Disposition"]) == (PDF, True)
    perime = cpam.post(url("donner_avis", transmis), avis_of(transmis, "ald", "accepte", valeur="98"))
    assert perime.status_code == 422
    assert "la valeur est 100" in read(perime)
    assert cpam.post(url("donner_avis", transmis), avis_of(transmis, "ald", "accepte", valeur="100")).status_code == 302
    assert "conteste 1 indicateur" not in read(coordination.get(url("fiche", transmis)))


def test_one_touch_gives_back_the_row_alone(transmis, agent, url):
    htmx = {"HX-Request": "true"}
    cpam = agent()
    donnees = avis_of(transmis, "ald", "accepte", valeur="98")
    fragment = cpam.post(url("donner_avis", transmis), donnees, headers=htmx)
    assert fragment.content.strip().startswith(b'<div class="point"')
    assert b'id="bilan" hx-swap-oob="true"' in fragment.content
    assert "CPAM : accepte" in read(fragment)
    refus = cpam.post(url("donner_avis", transmis), avis_of(transmis, "ald", "conteste"), headers=htmx)
    assert "Dites pourquoi" in read(refus)


def test_an_agent_with_both_roles_says_for_whom(transmis, url):
    compte = make_compte()
    make_agent(RoleTerritorial.CPAM, compte=compte)
    make_agent(RoleTerritorial.ARS, compte=compte)
    client = enter(Client(), compte)
    assert "Accepter pour l’ARS" in read(client.get(url("territoire_fiche", transmis)))
    donnees = avis_of(transmis, "annuaire", "accepte", valeur="1", organisme="ars")
    client.post(url("donner_avis", transmis), donnees)
    with use_cpts(transmis.cpts_id):
        assert Avis.objects.get().organisme == Organisme.ARS


def test_a_mission_is_accepted_at_once(transmis, agent, url):
    ars = agent(RoleTerritorial.ARS)
    assert "Accepter les 2 sans avis" in read(ars.get(url("territoire_fiche", transmis)))
    assert ars.post(url("accepter_mission", transmis, "acces")).status_code == 302
    with use_cpts(transmis.cpts_id):
        assert Avis.objects.filter(organisme="ars", position=Position.ACCEPTE).count() == 2


def test_later_changes_show_as_differences(cpts, contrat, transmis, membre, agent, url):
    with use_cpts(cpts.pk):
        _record(contrat, Decimal(45))
        refresh_releve(cpts_id=cpts.pk, contrat=contrat, numero=3)
    for page in (
        membre(Role.COORDINATION).get(url("fiche", transmis)),
        agent().get(url("territoire_fiche", transmis)),
    ):
        texte = read(page)
        assert "98 patients en ALD 6 000 € 45 patients en ALD 9 000 €" in texte


def _record(contrat, valeur: Decimal) -> None:
    record_constat(
        indicateur=contrat.indicateurs.get(code="ald"), valeur=valeur, le=today(), by=SYSTEME, source="nouvelle"
    )


# The meeting, its minutes, its closing -------------------------------------------------------------------------------


def test_from_the_meeting_to_the_closing(cpts, transmis, membre, agent, url):
    client, cpam = membre(Role.COORDINATION), agent()
    with use_cpts(cpts.pk):
        accept(transmis, "ald")
        contest(transmis, "annuaire", Organisme.ARS)
    decision = {"libelle": "Refaire l’annuaire", "porteur": "cpts", "echeance": "2027-01-15"}
    assert client.post(url("decider", transmis), decision | {"indicateur": "inconnu"}).status_code == 422
    assert client.post(url("decider", transmis), decision).status_code == 302
    assert "Refaire l’annuaire" in read(cpam.get(url("territoire_fiche", transmis)))
    assert client.post(url("tenir", transmis), {"le": "2027-01-01"}).status_code == 422
    assert client.post(url("tenir", transmis), {"le": "2026-11-24"}).status_code == 302
    propose = client.get(url("compte_rendu", transmis)).context["form"].initial
    assert propose["accords"] == "– Patients en ALD sans médecin traitant\u00a0: 98 patients en ALD"
    assert "Nos chiffres diffèrent." in propose["desaccords"]
    assert client.post(url("compte_rendu", transmis), propose).status_code == 302
    assert client.post(url("clore", transmis)).status_code == 302  # refused: not signed
    signe = {
        "document": SimpleUploadedFile("cr.pdf", PDF),
        "signe_cpts_le": "2026-11-24",
        "signe_cpam_le": "2026-11-24",
    }
    assert (
        client.post(url("signer", transmis), signe | {"document": SimpleUploadedFile("cr.txt", b"bonjour")}).status_code
        == 422
    )
    assert cpam.get(url("territoire_compte_rendu", transmis)).status_code == 404
    signe["document"] = SimpleUploadedFile("cr.pdf", PDF)
    assert client.post(url("signer", transmis), signe).status_code == 302
    page = read(client.get(url("fiche", transmis)))
    assert "Constaté 0 € → 6 000 €" in page
    assert "contesté par l’ARS" in page
    assert client.post(url("clore", transmis)).status_code == 302
    with use_cpts(cpts.pk):
        transmis.refresh_from_db()
        assert (transmis.etat, Constat.objects.filter(etat="certifie").count()) == (Etat.CLOS, 1)
        assert Jalon.objects.get(nature="dialogue").le == today()
        choisie = Decision.objects.get()
    assert cpam.get(url("territoire_compte_rendu", transmis)).content == PDF
    assert client.post(url("suivre_decision", transmis, choisie.pk), {"geste": "faite"}).status_code == 302
    with use_cpts(cpts.pk):
        assert Decision.objects.get().faite_le == today()


def test_a_dialogue_held_is_reopened(transmis, membre, agent, url):
    client = membre(Role.COORDINATION)
    client.post(url("tenir", transmis), {"le": "2026-11-24"})
    donnees = avis_of(transmis, "ald", "conteste", motif="Trop tard ?")
    assert agent().post(url("donner_avis", transmis), donnees).status_code == 422
    client.post(url("rouvrir", transmis))
    assert agent().post(url("donner_avis", transmis), donnees).status_code == 302


# Lists, home pages, queries ------------------------------------------------------------------------------------------


def test_agents_filter_and_export_their_list(transmis, agent, url):
    client = agent()
    with use_cpts(transmis.cpts_id):
        contest(transmis, "ald")
    assert "1 dialogue" in read(client.get(url("territoire"), {"conteste": "oui"}))
    assert "0 dialogue" in read(client.get(url("territoire"), {"conteste": "non"}))
    export = client.get(url("territoire"), {"export": "csv"}).content.decode()
    assert "Dialogue de mi-année, année 3;en discussion" in export


def test_home_pages_say_who_waits(cpts, transmis):
    compte = make_compte()
    make_agent(RoleTerritorial.CPAM, compte=compte)
    agent = acteur_of_compte(compte, fort=True)

    def phrases_agent() -> list[str]:
        with read_cpts([cpts.pk], acteur="agent:cpam", compte_id=compte.pk):
            return [alerte.phrase for alerte in list_alertes_territoire(agent, now())]

    def phrases() -> list[str]:
        return [
            alerte.phrase.replace("\u202f", " ").replace("\u00a0", " ")
            for alerte in list_alertes(cpts.pk, SYSTEME, now())
        ]

    assert "à lire" in phrases_agent()[0]
    with use_cpts(cpts.pk):
        avis = contest(transmis, "ald")
        assert phrases() == ["La CPAM conteste 1 indicateur (6 000 €)."]
    assert phrases_agent() == []
    with use_cpts(cpts.pk):
        answer(avis)
        decide(transmis, echeance=today() - timedelta(days=1))
        assert "Vous avez répondu." in phrases()[0]
        assert "Décision à tenir depuis le 23/11/2026 : Refaire l’annuaire." in phrases()
    assert "la communauté a répondu" in phrases_agent()[0]
    with use_cpts(cpts.pk):
        services.hold_dialogue(dialogue=transmis, le=today(), by=SYSTEME)
        sign(transmis, Organisme.CPAM)
        assert any("compte rendu signé" in phrase for phrase in phrases())


def test_queries_do_not_grow_with_opinions(cpts, transmis, membre, agent, url, django_assert_max_num_queries):
    cpam, coordination = agent(), membre(Role.COORDINATION)
    with use_cpts(cpts.pk):
        for code in ("ald", "annuaire"):
            for organisme in Organisme:
                answer(contest(transmis, code, organisme))
                answer(contest(transmis, code, organisme, motif="encore"))
    with django_assert_max_num_queries(30):
        cpam.get(url("territoire_fiche", transmis))
    with django_assert_max_num_queries(36):
        coordination.get(url("fiche", transmis))
