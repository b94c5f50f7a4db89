"""Requests from their pages: filed, accepted, answered, by the desk, a professional, a link, a regulator."""

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.demandes_soin import asked, file
from fabriques.droits import enter, make_acteur, make_agent, make_membre
from fabriques.soins import make_creneau, make_pro
from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.soins_non_programmes.enums import (
    EtatDemande,
    Origine,
    Reponse,
)
from maillon.missions.soins_non_programmes.models import DemandeSoin, RendezVous
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role, RoleTerritorial

pytestmark = pytest.mark.django_db


SAISIE = {
    "telephone": "06 12 34 56 78",
    "nom": "Garcia",
    "prenom": "Louise",
    "naissance": "12/03/1950",
    "commune": "42218",
    "profession": "60",
    "delai": "2h",
    "modalite": "cabinet",
    "usuel": "",
    "courriel": "",
}


def page(nom: str, soins, *args) -> str:
    return reverse(f"soins_{nom}", args=[soins.cpts.slug, *args])


def test_from_the_pharmacy_to_the_hour(soins) -> None:
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins)
    pharmacien = enter(Client(), make_membre(soins.cpts, Role.PHARMACIEN).compte)
    refused = pharmacien.post(page("demander", soins), {**SAISIE, "commune": "nulle part"})
    assert refused.status_code == 422
    done = pharmacien.post(page("demander", soins), {**SAISIE, "cle": "p" * 32})
    sheet = pharmacien.get(done.url).content.decode()
    assert "Sollicitation en cours" in sheet or "sollicitation en cours" in sheet
    assert "Garcia" not in sheet
    assert "GARCIA" not in sheet
    medecin = enter(Client(), pro.membre.compte)
    inbox = medecin.get(reverse("sollicitations:liste", args=[soins.cpts.slug])).content.decode()
    assert "Je reçois cette personne" in inbox
    assert "GARCIA" not in inbox
    with use_cpts(soins.cpts.pk):
        own = Sollicitation.objects.get()
    accepted = medecin.post(reverse("sollicitations:repondre", args=[soins.cpts.slug, own.pk]), {"geste": "accepter"})
    heure = medecin.get(accepted.url).content.decode()
    assert "Louise GARCIA" in heure
    assert "Qu’elle vienne maintenant" in heure
    wrong = medecin.post(accepted.url, {"lieu": str(pro.lieu.pk), "jour": "2020-01-01", "heure": "10:00"})
    assert wrong.status_code == 422
    given = medecin.post(accepted.url, {"geste": "maintenant"})
    assert given.url.startswith(page("rendez_vous_liste", soins))
    assert "rendez-vous donné" in pharmacien.get(done.url).content.decode().lower()
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get().demande.etat == EtatDemande.POURVUE


def test_by_the_link_without_account(soins) -> None:
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins)
        demande = file(soins, nom="Canariquitremble", telephone="06 12 34 56 78")
        jeton = sollicitations.create_lien_sollicitation(asked(demande)[0])
    client = Client()
    accepted = client.post(reverse("sollicitations:lien", args=[jeton]), {"geste": "accepter"})
    lien = accepted.url.partition("/l/")[2]
    shown = client.get(f"/l/{lien}").content.decode()
    assert "Qu’elle vienne maintenant" in shown
    assert "anariquitremble" not in shown.lower()
    done = client.post(f"/l/{lien}", {"geste": "maintenant"}).content.decode()
    assert "la personne est prévenue" in done
    assert pro.lieu.libelle in done


def test_who_comes_after_a_colleague_is_thanked_and_asked_nothing(soins) -> None:
    with use_cpts(soins.cpts.pk):
        make_pro(soins)
        make_pro(soins)
        premier, second = asked(file(soins, nom="Canariquitremble"), "envoyee")
        jeton = sollicitations.create_lien_sollicitation(second)
        sollicitations.accept(sollicitation_id=premier.pk, by=SYSTEME)
    lien = reverse("sollicitations:lien", args=[jeton])
    shown = Client().get(lien)
    assert shown.status_code == 200
    assert "quelqu’un a déjà accepté" in shown.content.decode()
    assert 'name="geste"' not in shown.content.decode()
    late = Client().post(lien, {"geste": "accepter"}).content.decode()
    assert "quelqu’un a déjà accepté" in late
    assert "anariquitremble" not in late.lower()
    with use_cpts(soins.cpts.pk):
        assert Sollicitation.objects.get(pk=second.pk).etat == "retiree"


def test_the_desk_answers_from_its_page(soins) -> None:
    with use_cpts(soins.cpts.pk):
        demande = file(soins)
    client = enter(Client(), soins.membre.compte)
    jour = client.get(page("demandes", soins)).content.decode()
    assert demande.reference in jour
    assert "Personne n’a pu" in jour
    sheet = client.get(page("demande", soins, demande.pk)).content.decode()
    assert "Jeanne MARTIN" in sheet
    assert "À vous\u00a0: appelez" in sheet
    assert "Solliciter de nouveau" in sheet
    client.post(page("solliciter", soins, demande.pk))
    client.post(page("repondre", soins, demande.pk), {})
    client.post(page("repondre", soins, demande.pk), {"reponse": "ailleurs"})
    with use_cpts(soins.cpts.pk):
        demande.refresh_from_db()
        assert demande.reponse == Reponse.AILLEURS
    client.post(page("rouvrir", soins, demande.pk))
    client.post(page("annuler_demande", soins, demande.pk))
    with use_cpts(soins.cpts.pk):
        demande.refresh_from_db()
        assert demande.etat == EtatDemande.ANNULEE
    fragment = client.get(page("demandes", soins), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment


def test_the_desk_gives_a_slot_to_a_request(soins) -> None:
    with use_cpts(soins.cpts.pk):
        demande = file(soins)
        creneau = make_creneau(soins, make_pro(soins))
    client = enter(Client(), soins.membre.compte)
    held = client.post(page("retenir", soins), {"creneau": creneau.pk, "cle": "q" * 24, "demande": demande.pk})
    assert f"demande={demande.pk}" in held.url
    assert "Confirmer le rendez-vous" in client.get(held.url).content.decode()
    client.post(held.url, {"demande": str(demande.pk)})
    with use_cpts(soins.cpts.pk):
        demande.refresh_from_db()
        assert demande.etat == EtatDemande.POURVUE
        assert RendezVous.objects.get().patient_id == demande.patient_id


def test_regulators_see_what_nobody_could_take_and_answer_it(soins) -> None:
    with use_cpts(soins.cpts.pk):
        demande = file(soins, nom="Canariquitremble")
        make_pro(soins)
        en_cours = file(soins)
    regulateur = enter(Client(), make_agent(RoleTerritorial.REGULATEUR).compte)
    jour = regulateur.get(reverse("soins_regulation_demandes")).content.decode()
    assert demande.reference in jour
    assert en_cours.reference not in jour
    sheet = regulateur.get(reverse("soins_regulation_demande", args=[demande.pk])).content.decode()
    assert "anariquitremble" not in sheet.lower()
    assert "04 77 00 00 00" in sheet.replace("\u00a0", " ")
    elsewhere = enter(Client(), make_agent(RoleTerritorial.REGULATEUR, departement="69").compte)
    assert elsewhere.get(reverse("soins_regulation_demande", args=[demande.pk])).status_code == 404
    cpam = enter(Client(), make_agent(RoleTerritorial.CPAM).compte)
    assert cpam.get(reverse("soins_regulation_demande", args=[demande.pk])).status_code == 404
    regulateur.post(reverse("soins_regulation_repondre", args=[demande.pk]), {"reponse": "regulation"})
    with use_cpts(soins.cpts.pk):
        demande.refresh_from_db()
        assert demande.reponse == Reponse.REGULATION


def test_a_regulator_files_a_request_in_the_community_of_the_commune(soins) -> None:
    with use_cpts(soins.cpts.pk):
        make_pro(soins)
    regulateur = enter(Client(), make_agent(RoleTerritorial.REGULATEUR).compte)
    done = regulateur.post(reverse("soins_regulation_demander"), {**SAISIE, "cle": "r" * 32})
    assert regulateur.get(done.url).status_code == 200
    with use_cpts(soins.cpts.pk):
        demande = DemandeSoin.objects.get()
        assert demande.origine == Origine.REGULATION
        assert demande.compte_id is not None
    assert "GARCIA" not in regulateur.get(done.url).content.decode()


def test_a_professional_sees_own_requests_alone(soins) -> None:
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins)
        theirs = file(soins, by=make_acteur(make_membre(soins.cpts, Role.PHARMACIEN)))
    client = enter(Client(), pro.membre.compte)
    assert client.get(page("demande", soins, theirs.pk)).status_code == 404
    assert client.get(page("heure", soins, theirs.pk)).status_code == 404
