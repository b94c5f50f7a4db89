"""The directory's pages: searching, one's sheet, differences, the public directory."""

import csv
import io

import pytest
from django.urls import reverse

from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ActiviteFabrique
from fabriques.annuaire_national import make_activite, write_fichier
from fabriques.droits import enter, make_cpts, make_membre
from fabriques.territoire import CommuneFabrique
from maillon.communaute.annuaire.models import Correction, FicheProfessionnel, Professionnel
from maillon.communaute.annuaire.selectors.membres import measure_km
from maillon.communaute.annuaire.services import import_annuaire
from maillon.communaute.annuaire.services.fiches import PASSAGES_PAR_HEURE, keep_fiche
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db
SAINT_ETIENNE, LYON = (4.387, 45.434), (4.835, 45.758)


@pytest.fixture
def cpts():
    return make_cpts()


@pytest.fixture
def zoe(cpts):
    """A member of Saint-Étienne, with an account of her own number."""
    with use_cpts(cpts.pk):
        zoe = AdhesionFabrique(
            cpts=cpts, professionnel__nom="Lefèvre", professionnel__prenom="Zoé", professionnel__generaliste=True
        ).professionnel
        ActiviteFabrique(professionnel=zoe, telephone="04 77 00 00 01", adresse="1 rue des Forges")
    make_membre(cpts, Role.PROFESSIONNEL, rpps=zoe.rpps)
    return zoe


def enter_zoe(client, zoe):
    return enter(client, Compte.objects.get(rpps=zoe.rpps))


def url(nom, cpts, *args):
    return reverse(f"annuaire_{nom}", args=[cpts.slug, *args])


def say(cpts, professionnel, publics=(), **dit):
    with use_cpts(cpts.pk):
        return keep_fiche(cpts_id=cpts.pk, professionnel=professionnel, publics=list(publics), by=SYSTEME, **dit)


def test_distance_of_two_towns():
    assert measure_km(SAINT_ETIENNE, LYON) == pytest.approx(50, abs=1)


def test_members_are_searched_by_what_they_say(client, cpts, zoe):
    villars = CommuneFabrique(code_insee="42330", nom="Villars")
    with use_cpts(cpts.pk):
        other = AdhesionFabrique(cpts=cpts, professionnel__nom="Martin").professionnel
        ActiviteFabrique(professionnel=other, commune=villars)
    say(cpts, zoe, nouveaux_patients="oui", langues=["tur"], domicile="non")
    enter(client, make_membre(cpts, Role.COORDINATION).compte)

    def found(**asked):
        page = client.get(url("recherche", cpts), asked).content.decode()
        return {nom for nom in ("Lefèvre", "Martin") if nom in page}

    assert found() == {"Lefèvre", "Martin"}
    assert found(q="lefevr zoe") == found(q=zoe.rpps) == {"Lefèvre"}
    assert found(patients="oui") == found(langue="tur") == found(profession="10") == {"Lefèvre"}
    assert found(domicile="oui") == set()
    assert found(commune="Villars (42330)") == found(commune="villars") == {"Martin"}
    assert found(patients="oui", portee="tous") == {"Lefèvre"}  # only members say so


def test_the_country_is_searched_when_asked(client, cpts, zoe, tmp_path):
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    page = client.get(url("recherche", cpts), {"portee": "tous", "q": "valmont"}).content.decode()
    assert "maillon annuaire importer" in page
    CommuneFabrique(code_insee="42218")
    fichier = write_fichier(tmp_path / "PS_LibreAcces_Personne_activite_202601120812.txt", [make_activite(7)])
    import_annuaire(chemins=[fichier], by=SYSTEME)
    page = client.get(url("recherche", cpts), {"portee": "tous", "q": "walmont"}).content.decode()
    assert "VALMONT 7" in page
    assert "extraction du 12 janvier 2026" in page
    assert "VALMONT 7" not in client.get(url("recherche", cpts), {"q": "valmont"}).content.decode()

    numero = "99800000007"
    page = client.get(url("fiche", cpts, numero)).content.decode()
    assert "Inviter dans la communauté" in page
    assert "RUE DES FORGES" in page
    reponse = client.post(url("inviter", cpts, numero))
    assert reponse.url == f"{reverse('adhesions_inviter', args=[cpts.slug])}?qui={numero}"
    assert Professionnel.objects.filter(rpps=numero).exists()


def test_queries_do_not_grow_and_exports_are_the_screen(client, cpts, zoe, django_assert_max_num_queries):
    with use_cpts(cpts.pk):
        for rang in range(8):
            professionnel = AdhesionFabrique(cpts=cpts, professionnel__nom=f"=Cmd {rang}").professionnel
            ActiviteFabrique(professionnel=professionnel)
            say(cpts, professionnel, nouveaux_patients="conditions", conditions="Enfants")
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    with django_assert_max_num_queries(32):
        client.get(url("recherche", cpts))
    reponse = client.get(url("recherche", cpts), {"patients": "oui", "export": "csv"})
    lignes = list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))
    assert len(lignes) == 9
    assert all(ligne[0].startswith("'=Cmd") for ligne in lignes[1:])
    with use_cpts(cpts.pk):
        assert Entree.objects.get(evenement="annuaire.exporte").details["nombre"] == 8


def test_one_writes_ones_own_sheet_and_nobody_elses(client, cpts, zoe):
    with use_cpts(cpts.pk):
        other = AdhesionFabrique(cpts=cpts).professionnel
    enter_zoe(client, zoe)
    assert client.get(url("mienne", cpts)).url == url("fiche", cpts, zoe.rpps)
    assert client.get(url("modifier", cpts, other.rpps)).status_code == 404
    refused = client.post(url("modifier", cpts, zoe.rpps), {"publics": ["telephone"], "telephone": "12"})
    assert refused.status_code == 422
    assert "Un numéro a dix chiffres" in refused.content.decode()
    assert "Cochez aussi la première case" in refused.content.decode()
    dit = {"nouveaux_patients": "conditions", "conditions": "Enfants", "langues": ["tur"], "publics": ["fiche"]}
    assert client.post(url("modifier", cpts, zoe.rpps), dit).status_code == 302
    with use_cpts(cpts.pk):
        fiche = FicheProfessionnel.objects.get(professionnel=zoe)
        assert (fiche.conditions, fiche.langues, fiche.publics) == ("Enfants", ["tur"], ["fiche"])
        assert fiche.publie_le is not None


def test_nobody_is_published_by_another_without_an_agreement(client, cpts, zoe):
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    adresse = url("modifier", cpts, zoe.rpps)
    assert client.post(adresse, {"publics": ["fiche"]}).status_code == 422
    assert client.post(adresse, {"horaires": "Le matin"}).status_code == 302
    assert client.post(adresse, {"publics": ["fiche"], "accord": "on"}).status_code == 302
    with use_cpts(cpts.pk):
        assert Entree.objects.get(evenement="annuaire.publication").details == {"publics": ["fiche"]}


def test_the_directory_never_overwrites_a_correction(client, cpts, zoe):
    lieu = zoe.activites.get()
    enter_zoe(client, zoe)
    corrige = {"adresse": "1 rue des Forges", "telephone": "04 77 99 99 99", "courriel": ""}
    client.post(url("corriger", cpts, zoe.rpps, lieu.pk), corrige)

    def read():
        return client.get(url("fiche", cpts, zoe.rpps)).content.decode().replace("\xa0", " ")

    assert "1 différence avec" in read()
    assert "à trancher" not in read()
    lieu.telephone = "04 77 00 00 02"  # what a later import says
    lieu.save()
    page = read()
    assert "04 77 99 99 99" in page
    assert "04 77 00 00 02" in page
    assert "à trancher" in page
    with use_cpts(cpts.pk):
        correction = Correction.objects.get()
    client.post(url("garder", cpts, correction.pk))
    assert "à trancher" not in read()
    assert "04 77 99 99 99" in read()
    client.post(url("abandonner", cpts, correction.pk))
    assert "différence avec" not in read()
    assert "04 77 99 99 99" not in read().split("Annuler")[-1]
    client.post(url("reprendre", cpts, correction.pk))
    assert "1 différence avec" in read()


def test_who_keeps_the_sheets_sees_what_waits(client, cpts, zoe):
    lieu = zoe.activites.get()
    with use_cpts(cpts.pk):
        Correction.objects.create(
            cpts=cpts,
            professionnel=zoe,
            lieu=str(lieu.pk),
            champ="telephone",
            valeur="04 77 99 99 99",
            nationale="04 77 00 00 00",
            gardee_le="2026-01-05",
        )
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    page = client.get(url("imports", cpts)).content.decode()
    assert "04 77 99 99 99" in page
    assert "Zoé Lefèvre" in page
    accueil = client.get(reverse("accueil_cpts", args=[cpts.slug])).content.decode().replace("\xa0", " ")
    assert "1 différence avec l’annuaire national" in accueil


def test_the_public_reads_what_was_allowed_and_nothing_more(client, cpts, zoe):
    say(cpts, zoe, ["fiche", "langues"], langues=["tur"], courriel="zoe@example.org", remarques="Discrète")
    with use_cpts(cpts.pk):
        hidden = AdhesionFabrique(cpts=cpts, professionnel__nom="Caché").professionnel
        gone = AdhesionFabrique(cpts=cpts, professionnel__nom="Parti", terminee=True).professionnel
    say(cpts, hidden, [], langues=["tur"])
    say(cpts, gone, ["fiche"])
    reponse = client.get(url("public", cpts))
    page = reponse.content.decode()
    assert "noindex" in reponse["X-Robots-Tag"]
    assert "Zoé Lefèvre" in page
    assert "turc" in page
    assert "1 rue des Forges" in page
    for absent in ("zoe@example.org", "Discrète", "Caché", "Parti", "04 77 00 00 01"):
        assert absent not in page
    assert "Zoé Lefèvre" in client.get(url("public", cpts), {"q": "lefevre"}).content.decode()
    assert "Personne ne correspond" in client.get(url("public", cpts), {"q": "caché"}).content.decode()
    other = make_cpts()
    assert "Lefèvre" not in client.get(url("public", other)).content.decode()


def test_public_searches_are_slowed_down(client, cpts, monkeypatch):
    monkeypatch.setattr("maillon.communaute.annuaire.services.fiches.PASSAGES_PAR_HEURE", 2)
    assert PASSAGES_PAR_HEURE > 2
    statuses = [client.get(url("public", cpts), {"q": "a"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert client.get(url("public", cpts)).status_code == 200
