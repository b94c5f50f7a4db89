"""Pages as each side opens them: who sees what, from the draft to the signed minutes."""

from decimal import Decimal

import pytest
from django.test import Client

from fabriques.dialogues import contest, decide
from fabriques.droits import enter, make_agent, make_compte
from fabriques.pages_dialogues import avis_of, read
from maillon.pilotage.contrats.services import attach_preuve
from maillon.pilotage.dialogues import services
from maillon.pilotage.dialogues.enums import Etat
from maillon.pilotage.dialogues.models import Dialogue, Note
from maillon.socle.contexte import read_cpts, use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.horloge import today

PDF = b"%PDF-1.7 essai"


# Preparing -----------------------------------------------------------------------------------------------------------


def test_the_coordinator_opens_prepares_and_transmits(cpts, contrat, membre, agent, url):
    client, cpam = membre(Role.COORDINATION), agent()
    assert "Préparer un dialogue" in read(client.get(url("liste")))
    reponse = client.post(url("ouvrir"), {"annee": "3", "rang": "1"})
    with use_cpts(cpts.pk):
        dialogue = Dialogue.objects.get()
    assert reponse.url == url("preparer", dialogue)
    assert client.post(url("ouvrir"), {"annee": "3", "rang": "1"}).status_code == 422
    page = client.get(reponse.url)
    texte = read(page)
    assert "Les justificatifs" in texte
    assert "Elles ne liront pas vos notes" in texte
    assert cpam.get(url("territoire_fiche", dialogue)).status_code == 404, "a draft is nobody else’s"
    assert client.post(url("transmettre", dialogue)).url == url("fiche", dialogue)
    assert cpam.get(url("territoire_fiche", dialogue)).status_code == 200
    assert client.post(url("reprendre", dialogue)).url == url("preparer", dialogue)
    assert cpam.get(url("territoire_fiche", dialogue)).status_code == 404


def test_the_checklist_is_ordered_by_euros_and_ticks_itself(cpts, contrat, prepare, membre, url):
    client = membre(Role.COORDINATION)
    page = client.get(url("preparer", prepare))
    controles = {controle.titre: controle for controle in page.context["controles"]}
    preuves = controles["Les justificatifs"]
    # Both values rest on the community's word: 26 000 € and 6 000 € lack their document.
    assert [ligne.euros for ligne in preuves.lignes] == [Decimal("26000.00"), Decimal("6000.00")]
    assert "#justificatifs" in preuves.lignes[0].url
    euros = [controle.euros for controle in page.context["controles"] if not controle.is_fait]
    assert euros == sorted(euros, reverse=True)
    assert controles["Les valeurs"].is_fait
    with use_cpts(cpts.pk):
        attach_preuve(
            indicateur=contrat.indicateurs.get(code="annuaire"),
            by=SYSTEME,
            libelle="annuaire",
            le=today(),
            nom="annuaire.pdf",
            contenu=PDF,
        )
    apres = {c.titre: c for c in client.get(url("preparer", prepare)).context["controles"]}
    assert [ligne.euros for ligne in apres["Les justificatifs"].lignes] == [Decimal("6000.00")]


def test_last_time_s_contests_and_decisions_come_back(cpts, contrat, transmis, membre, url):
    with use_cpts(cpts.pk):
        contest(transmis, "annuaire")
        decide(transmis)
        suivant = services.open_dialogue(contrat=contrat, annee=3, rang=2, by=SYSTEME)
    texte = read(membre(Role.COORDINATION).get(url("preparer", suivant)))
    assert "Annuaire en ligne : contesté" in texte
    assert "Décision pas encore faite : Refaire l’annuaire" in texte
    assert "1. Suites du dialogue précédent" in texte


def test_notes_are_kept_and_never_shown_to_agents(cpts, prepare, membre, agent, url):
    client = membre(Role.COORDINATION)
    adresse = url("noter", prepare, "acces")
    assert (
        client.post(adresse, {"texte": "Motsecret"}, headers={"HX-Request": "true"}).content == "Enregistrée.".encode()
    )
    assert client.post(adresse, {"texte": "Motsecret bis"}).status_code == 302
    assert client.post(url("noter", prepare, "inconnue"), {"texte": "x"}).status_code == 404
    client.post(url("transmettre", prepare))
    assert b"Motsecret" not in agent().get(url("territoire_fiche", prepare)).content
    with use_cpts(cpts.pk):
        assert Note.objects.get().texte == "Motsecret bis"
    with read_cpts([cpts.pk], acteur="agent:cpam"):
        assert not Note.objects.exists()


def test_when_where_and_the_agenda_are_said_to_both_sides(transmis, membre, agent, url):
    client = membre(Role.COORDINATION)
    donnees = {"prevu_le": "2026-12-03", "heure": "14:00", "lieu": "Siège", "ordre_du_jour": "1. Indicateurs"}
    assert client.post(url("preparer", transmis), donnees).status_code == 302
    texte = read(agent().get(url("territoire_fiche", transmis)))
    assert "jeudi 3 décembre à 14 h, Siège" in texte
    assert "1. Indicateurs" in texte
    assert client.post(url("preparer", transmis), {"prevu_le": "demain"}).status_code == 422


# Who sees what -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.PRESIDENT, Role.BUREAU, Role.REFERENT_MISSION])
def test_those_who_read_do_not_act(transmis, membre, url, role):
    client = membre(role)
    page = client.get(url("fiche", transmis))
    assert page.status_code == 200
    assert b"<form" not in page.content.split(b'id="contenu"')[1].split(b"</main>")[0]
    assert client.get(url("liste")).status_code == 200
    assert client.get(url("preparer", transmis)).status_code == 404


@pytest.mark.parametrize("role", [Role.PROFESSIONNEL, Role.PARTENAIRE])
def test_a_professional_is_refused(transmis, membre, url, role):
    client = membre(role)
    for nom in ("liste", "ouvrir"):
        assert client.get(url(nom)).status_code == 404
    assert client.get(url("fiche", transmis)).status_code == 404


def test_another_cpam_sees_nothing(transmis, agent, url):
    autre = agent(departement="69")
    assert autre.get(url("territoire_fiche", transmis)).status_code == 404
    assert autre.post(url("donner_avis", transmis), avis_of(transmis, "ald", "conteste", motif="x")).status_code == 404
    assert "Aucun dialogue de gestion transmis" in read(autre.get(url("territoire")))


def test_a_role_speaks_over_its_own_territory_only(transmis, url):
    """CPAM of the Loire and ARS of another region: the same account says nothing here for the ARS."""
    compte = make_compte()
    make_agent(RoleTerritorial.CPAM, compte=compte)
    make_agent(RoleTerritorial.ARS, departement="75", compte=compte)
    client = enter(Client(), compte)
    assert (
        client.post(
            url("donner_avis", transmis), avis_of(transmis, "ald", "conteste", motif="x", organisme="ars")
        ).status_code
        == 404
    )
    assert (
        client.post(
            url("donner_avis", transmis), avis_of(transmis, "ald", "conteste", motif="x", organisme="cpam")
        ).status_code
        == 302
    )


def test_drafts_are_hidden_from_agents_by_the_database(cpts, prepare):
    with read_cpts([cpts.pk], acteur="agent:cpam"):
        assert not Dialogue.objects.exists()
    with use_cpts(cpts.pk):
        services.transmit_dialogue(dialogue=prepare, by=SYSTEME)
    with read_cpts([cpts.pk], acteur="agent:cpam"):
        assert Dialogue.objects.get().etat == Etat.TRANSMIS
