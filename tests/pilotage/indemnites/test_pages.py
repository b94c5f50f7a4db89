"""Pages as people open them: a member on a telephone, the coordination, a referent, the bureau, a signed link."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_acteur, make_membre
from fabriques.indemnites import (
    make_bareme,
    make_convention,
    make_declaration,
    make_frais,
    make_payable,
    make_situation,
    make_tarif,
)
from fabriques.personnes import PersonneFabrique
from maillon.communaute.actions.models import Action
from maillon.pilotage.indemnites.declarations import list_alertes, list_elements_action, list_miennes
from maillon.pilotage.indemnites.enums import Etat
from maillon.pilotage.indemnites.models import Declaration, Frais, SituationAnnuelle, Tarif
from maillon.pilotage.indemnites.selectors.approbation import may_open_fichier
from maillon.pilotage.indemnites.services.situations import LIEN_DECLARATION, send_lien
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now

HIER = "2026-11-23"
SAISIE = {"le": HIER, "libelle": "Groupe de travail", "heures": "2.00", "mission": "acces", "fonction": "participant"}


def url(nom: str, cpts, *args) -> str:
    return reverse(f"indemnites:{nom}", args=[cpts.slug, *args])


def read(reponse) -> str:
    """The text of a page, spaces made plain."""
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))


@pytest.fixture
def moi(cpts):
    """A nurse with an account: the person, and their browser."""
    membre = make_membre(cpts, Role.PROFESSIONNEL)
    with use_cpts(cpts.pk):
        make_tarif(cpts)
        personne = make_payable(cpts, membre=membre, situation=False)
    return personne, enter(Client(), membre.compte), make_acteur(membre)


def test_a_member_declares_from_a_telephone_and_sees_the_year(cpts, moi):
    personne, client, acteur = moi
    assert client.get(url("declarer", cpts)).status_code == 200
    vide = client.post(url("declarer", cpts), {**SAISIE, "libelle": ""})
    assert vide.status_code == 422
    reponse = client.post(url("declarer", cpts), SAISIE, follow=True)
    texte = read(reponse)
    assert "C’est déclaré : 120 €" in texte
    assert "à vérifier" in texte
    assert "rien ne peut vous être approuvé avant" in texte
    assert client.post(url("situation", cpts), {"autre": "oui"}).status_code == 422
    client.post(
        url("situation", cpts) + "?annee=2026", {"autre": "oui", "montant": "1 200,50", "precision": "Ailleurs"}
    )
    with use_cpts(cpts.pk):
        ligne = Declaration.objects.get(personne=personne)
        assert (ligne.montant, ligne.declare_par) == (Decimal(120), acteur.compte_id)
        assert SituationAnnuelle.objects.get().montant_ailleurs == Decimal("1200.50")
    assert client.get(url("fiche", cpts, "participations", ligne.pk)).status_code == 200
    assert client.post(url("retirer", cpts, "participations", ligne.pk), follow=True).status_code == 200
    assert client.get(url("miennes", cpts) + "?annee=1999").status_code == 404


def test_an_account_without_person_becomes_one_by_declaring(cpts, membre):
    client = membre(Role.SECRETARIAT)
    assert "Rien encore" in read(client.get(url("miennes", cpts)))
    assert client.post(url("declarer", cpts), SAISIE).status_code == 302
    with use_cpts(cpts.pk):
        assert Declaration.objects.get().personne.membre is not None


def test_attendance_is_confirmed_in_one_touch(cpts, moi):
    personne, client, acteur = moi
    with use_cpts(cpts.pk):
        for _ in range(2):
            make_declaration(personne, etat=Etat.PROPOSEE, preuve="code QR scanné")
        autre = make_declaration(make_payable(cpts), etat=Etat.PROPOSEE)
        assert list_miennes(cpts.pk, acteur, now())[0].nombre == 2
    assert "2 présences à confirmer" in read(client.get(url("miennes", cpts)))
    assert "2 participations confirmées" in read(client.post(url("confirmer", cpts), follow=True))
    with use_cpts(cpts.pk):
        assert Declaration.objects.filter(personne=personne, etat=Etat.DECLAREE).count() == 2
        autre.refresh_from_db()
        assert autre.etat == Etat.PROPOSEE


def test_expenses_from_a_telephone_with_a_photograph(cpts, moi):
    _, client, acteur = moi
    saisie = {"le": HIER, "genre": "transport", "libelle": "Train", "mission": "acces", "montant": "38,40"}
    assert client.post(url("frais_nouveau", cpts), saisie).status_code == 422
    photo = SimpleUploadedFile("billet.txt", "Un reçu lisible".encode())
    reponse = client.post(url("frais_nouveau", cpts), {**saisie, "justificatif": photo}, follow=True)
    assert "38,40 €" in read(reponse)
    with use_cpts(cpts.pk):
        make_bareme(cpts)
        frais = Frais.objects.get()
        assert may_open_fichier(acteur, frais.justificatif_id)
        voisin = make_acteur(make_membre(cpts, Role.PROFESSIONNEL))
        assert not may_open_fichier(voisin, frais.justificatif_id)
    corrige = {**saisie, "genre": "kilometres", "kilometres": "10", "montant": ""}
    assert client.post(url("corriger", cpts, "frais", frais.pk), corrige).status_code == 302
    with use_cpts(cpts.pk):
        assert Frais.objects.get().montant == Decimal("5.29")


def test_the_coordination_checks_then_the_bureau_approves(cpts, membre):
    """By batch; what warns is not ticked, and nobody sees a box for themselves."""
    with use_cpts(cpts.pk):
        make_tarif(cpts)
        gens = [make_payable(cpts) for _ in range(2)]
        lignes = [*(make_declaration(une) for une in gens), make_frais(gens[0])]
    coordination, bureau = membre(Role.COORDINATION), membre(Role.BUREAU)
    assert "3 lignes, 278,40 €" in read(coordination.get(url("accueil", cpts)))
    cochees = [str(une.pk) for une in lignes]
    fait = coordination.post(url("lot", cpts), {"geste": "verifier", "ligne": cochees}, follow=True)
    assert "3 lignes vérifiées, pour 278,40 €" in read(fait)
    assert coordination.post(url("lot", cpts), {"geste": "approuver", "ligne": cochees}).status_code == 404
    fait = bureau.post(url("lot", cpts), {"geste": "approuver", "ligne": cochees[1:]}, follow=True)
    assert "2 lignes approuvées, pour 158,40 €" in read(fait)
    assert "Rien n’était coché" in read(bureau.post(url("lot", cpts), {"geste": "approuver"}, follow=True))
    une = bureau.post(url("approuver", cpts, "participations", lignes[0].pk), follow=True)
    assert "est approuvé" in read(une)
    refus = bureau.post(url("contrepasser", cpts, "participations", lignes[0].pk), {"motif": ""})
    assert refus.status_code == 422
    fait = bureau.post(url("contrepasser", cpts, "participations", lignes[0].pk), {"motif": "Double"}, follow=True)
    assert "contre-passée" in read(fait)


def test_a_referent_sees_and_checks_only_their_missions(cpts, membre):
    with use_cpts(cpts.pk):
        personne = make_payable(cpts)
        sienne = make_declaration(personne, mission="acces", libelle="Accès vu")
        autre = make_declaration(personne, mission="crise", libelle="Crise cachée")
    client = membre(Role.REFERENT_MISSION, "acces")
    page = read(client.get(url("accueil", cpts)))
    assert "Accès vu" in page
    assert "Crise cachée" not in page
    assert client.post(url("verifier", cpts, "participations", autre.pk)).status_code == 404
    assert "est vérifié" in read(client.post(url("verifier", cpts, "participations", sienne.pk), follow=True))
    assert client.post(url("reprendre", cpts, "participations", sienne.pk), follow=True).status_code == 200
    refus = client.post(url("refuser", cpts, "participations", sienne.pk), {"motif": "Absent"}, follow=True)
    assert "Absent" in read(refus)


def test_one_persons_year_and_what_they_say_on_paper(cpts, membre):
    with use_cpts(cpts.pk):
        personne = make_payable(cpts, situation=False)
        make_declaration(personne, etat=Etat.DECLAREE, montant=Decimal(40_000), libelle="Beaucoup")
    client = membre(Role.COORDINATION)
    texte = read(client.get(url("personne", cpts, personne.pk)))
    assert "Le plafond de 2026 (à confirmer) approche" in texte
    assert "à confirmer" in texte
    page = url("situation_personne", cpts, personne.pk)
    assert client.post(page, {"autre": "oui"}).status_code == 422
    texte = read(client.post(page, {"autre": "oui", "montant": "9000"}, follow=True))
    assert "Le plafond de 2026 (à confirmer) serait atteint" in texte
    listes = read(client.get(url("personnes", cpts)))
    assert "9 000 €" in listes.replace("\u202f", " ")
    assert client.get(url("participations", cpts) + "?export=csv").status_code == 200
    assert client.get(url("frais", cpts)).status_code == 200


def test_the_coordination_enters_for_somebody(cpts, membre):
    with use_cpts(cpts.pk):
        make_tarif(cpts)
        personne = make_payable(cpts)
        make_declaration(personne, etat=Etat.VERIFIEE, montant=Decimal(40_000))
    client = membre(Role.COORDINATION)
    assert client.get(url("saisir", cpts) + f"?personne={personne.pk}").status_code == 200
    fait = client.post(url("saisir", cpts), {**SAISIE, "personne": personne.pk}, follow=True)
    assert "est saisie : 120 €" in read(fait)
    assert "approche : il reste 48 060 €" in read(fait).replace("\u202f", " ")
    assert "déjà là" in read(client.post(url("collecter", cpts), follow=True))


def test_decisions_are_recorded_and_a_uniform_indemnite_is_called_contestable(cpts, membre):
    client = membre(Role.COORDINATION)
    decision = {"instance": "bureau", "decide_le": HIER, "debut": "2026-01-01"}
    tarif = {**decision, "fonction": "bureau", "nature": "indemnite", "mode": "heure", "montant": "45"}
    texte = read(client.post(url("decider", cpts, "tarif"), tarif, follow=True))
    assert "uniforme est contestable" in texte
    assert client.post(url("decider", cpts, "tarif"), {**tarif, "profession": "60"}).status_code == 422
    calcul = {**decision, "profession": "60", "base": "Revenu moyen", "source": "Essai", "revenu_annuel": "58800",
              "heures_annuelles": "1680"}  # fmt: skip
    assert "35 € l’heure" in read(client.post(url("decider", cpts, "calcul"), calcul, follow=True))
    assert client.post(url("decider", cpts, "tarif"), {**tarif, "profession": "60", "montant": "35"}).status_code == 302
    client.post(url("decider", cpts, "bareme"), {**decision, "taux": "0,529"})
    with use_cpts(cpts.pk):
        structure = make_convention(cpts).structure
        PersonneFabrique(cpts=cpts, structure=structure)
    convention = {"structure": structure.pk, "taux": "40", "debut": HIER, "signee_le": HIER}
    assert "couvre déjà" in read(client.post(url("decider", cpts, "convention"), convention))
    assert client.get(url("decider", cpts, "convention")).status_code == 200
    assert client.get(url("decider", cpts, "autre")).status_code == 404
    with use_cpts(cpts.pk):
        premier = Tarif.objects.get(profession="")
    fait = client.post(url("clore", cpts, "tarif", premier.pk), {"on": "2026-06-01"}, follow=True)
    assert "uniforme" not in read(fait)


def test_a_signed_link_opens_one_persons_participations(cpts, client):
    with use_cpts(cpts.pk):
        make_tarif(cpts)
        personne = make_payable(cpts, situation=False, prenom="Élodie")
        make_declaration(personne, etat=Etat.PROPOSEE)
        make_declaration(make_payable(cpts), libelle="Celle d’une autre")
        jeton = create_lien(but=LIEN_DECLARATION, cpts_id=cpts.pk, objet_id=personne.pk)
        send_lien(personne=personne, by=SYSTEME)
        assert Message.objects.count() == 1
    page = reverse("indemnites:lien", args=[jeton])
    assert client.get(page).status_code == 410, "the letter sent closes the former link"
    with use_cpts(cpts.pk):
        jeton = create_lien(but=LIEN_DECLARATION, cpts_id=cpts.pk, objet_id=personne.pk)
    page = reverse("indemnites:lien", args=[jeton])
    texte = read(client.get(page))
    assert "Bonjour Élodie" in texte
    assert "Celle d’une autre" not in texte
    assert client.post(page, {"geste": "declarer", **SAISIE, "libelle": ""}).status_code == 422
    for saisie in ({"geste": "confirmer"}, {"geste": "declarer", **SAISIE}, {"geste": "situation", "autre": "non"}):
        assert client.post(page, saisie).status_code == 302
    with use_cpts(cpts.pk):
        assert Declaration.objects.filter(personne=personne, etat=Etat.DECLAREE).count() == 2
        assert not SituationAnnuelle.objects.get(personne=personne).autre_cpts


def test_alerts_say_who_waits_and_who_is_near_the_cap(cpts):
    with use_cpts(cpts.pk):
        membre = make_membre(cpts, Role.REFERENT_MISSION, mission="acces")
        personne = make_payable(cpts, situation=False)
        make_declaration(personne)
        make_declaration(personne, mission="crise")
        proche = make_payable(cpts, situation=False)
        make_situation(proche, annee=2026, ailleurs=Decimal(40_000))
        coordination = make_acteur(make_membre(cpts, Role.COORDINATION))
        phrases = " ".join(a.phrase for a in list_alertes(cpts.pk, coordination, now()))
        assert "2 indemnités ou notes de frais attendent votre vérification" in phrases.replace("\u00a0", " ")
        assert "1 personne" in phrases.replace("\u00a0", " ")
        assert f"{proche} approche le plafond" in phrases
        assert "finit" not in phrases
        make_convention(cpts, periode=DateRange(date(2024, 1, 1), date(2026, 12, 31)))
        assert "finit dans 37 jours" in " ".join(
            a.phrase.replace("\u00a0", " ") for a in list_alertes(cpts.pk, coordination, now())
        )
        sienne = list_alertes(cpts.pk, make_acteur(membre), now())
        assert [a.nombre for a in sienne] == [1]


def test_what_an_action_costs_hangs_on_it(cpts):
    with use_cpts(cpts.pk):
        action = Action.objects.create(cpts=cpts, titre="Action", mission="acces", debut=date(2026, 1, 1))
        personne = make_payable(cpts)
        make_declaration(personne, action=action)
        make_frais(personne, action=action)
        make_declaration(personne, action=action, etat=Etat.ECARTEE)
        coordination = make_acteur(make_membre(cpts, Role.COORDINATION))
        elements = list_elements_action(cpts.pk, action.pk, coordination)
    assert [e.montant for e in elements] == [Decimal(120), Decimal("38.40")]


@pytest.mark.parametrize(
    ("nom", "role"), [("accueil", Role.BUREAU), ("accueil", Role.COORDINATION), ("personnes", Role.BUREAU)]
)
def test_pages_ask_as_many_queries_whatever_their_length(cpts, membre, django_assert_max_num_queries, nom, role):
    client = membre(role)

    def fill(n: int) -> None:
        with use_cpts(cpts.pk):
            for _ in range(n):
                personne = make_payable(cpts)
                make_declaration(personne, etat=Etat.VERIFIEE)
                make_declaration(personne, le=date(2026, 11, 24) - timedelta(days=1))
                make_frais(personne, etat=Etat.VERIFIEE)

    fill(1)
    with django_assert_max_num_queries(60) as premiere:
        client.get(url(nom, cpts))
    fill(3)
    with django_assert_max_num_queries(len(premiere)):
        client.get(url(nom, cpts))


def test_a_community_without_a_rate_of_duty_is_offered_two_to_correct(cpts, membre):
    client = membre(Role.COORDINATION)
    reponse = client.get(url("tarifs", cpts))
    texte = read(reponse)
    assert "Aucun tarif de garde" in texte
    assert "à confirmer" in texte
    adresses = re.findall(r'href="([^"]*tarif/[^"]*fonction=garde[^"]*)"', reponse.content.decode())
    assert len(adresses) == 2
    form = client.get(adresses[1].replace("&amp;", "&")).context["form"]
    assert (form["fonction"].value(), form["mode"].value(), form["montant"].value()) == ("garde", "seance", "75.00")
    saisie = {"fonction": "garde", "nature": "remuneration", "montant": "75", "debut": HIER, "instance": "bureau"}
    saisie |= {"decide_le": HIER}
    refus = client.post(url("decider", cpts, "tarif"), {**saisie, "mode": "forfait"})
    assert refus.status_code == 422
    assert "à la garde" in read(refus)
    assert client.post(url("decider", cpts, "tarif"), {**saisie, "mode": "seance"}).status_code == 302
    apres = read(client.get(url("tarifs", cpts)))
    assert "Aucun tarif de garde" not in apres
    assert "75 € la garde" in apres
