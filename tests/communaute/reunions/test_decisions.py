"""Decisions and tasks: given, reminded once, done in one touch, told to the next meeting and to home pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_acteur, make_cpts, make_membre
from fabriques.personnes import GroupeFabrique, PersonneFabrique
from fabriques.reunions import ParticipationFabrique, ReunionFabrique
from maillon.communaute.personnes.services import keep_membre
from maillon.communaute.reunions.alertes_apres import list_alertes
from maillon.communaute.reunions.enums import Etat
from maillon.communaute.reunions.models import Decision, Tache
from maillon.communaute.reunions.selectors.decisions import list_suites
from maillon.communaute.reunions.services import decisions as services
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now, today


@pytest.fixture
def cpts(db):
    return make_cpts()


@pytest.fixture
def medecin(cpts):
    return make_membre(cpts, Role.PROFESSIONNEL, nom="Martel", prenom="Luc", email="luc.martel@example.org")


@pytest.fixture
def tenue(cpts, medecin):
    """A meeting of a group, ten days ago, where a doctor was."""
    with use_cpts(cpts.pk):
        reunion = ReunionFabrique(cpts=cpts, tenue=True, groupe=GroupeFabrique(cpts=cpts))
        ParticipationFabrique(
            cpts=cpts, reunion=reunion, personne=keep_membre(membre=medecin, by=SYSTEME), presente=True
        )
        yield reunion


def give(reunion, jours: int, libelle: str = "Réserver la salle") -> Tache:
    personne = reunion.participations.get().personne
    echeance = today() + timedelta(days=jours)
    return services.give_tache(reunion=reunion, libelle=libelle, responsable=personne, echeance=echeance, by=SYSTEME)


def test_reminded_once_before_and_once_late(tenue):
    give(tenue, 2)
    give(tenue, -1, "Écrire à la mairie")
    give(tenue, 30, "Plus tard")
    assert services.remind_taches(cpts_id=tenue.cpts_id) == 2
    assert services.remind_taches(cpts_id=tenue.cpts_id) == 0
    textes = " ".join(message.texte for message in Message.objects.all())
    assert "devait être faite" in textes
    assert "Plus tard" not in textes


def test_done_in_one_touch_and_undone(cpts, tenue, medecin, client):
    tache = give(tenue, 2)
    enter(client, medecin.compte)
    page = reverse("reunions:mes_taches", args=[cpts.slug])
    assert "Réserver la salle" in client.get(page).content.decode()
    client.post(reverse("reunions:tache_faite", args=[cpts.slug, tache.pk]))
    tache.refresh_from_db()
    assert tache.faite_par == medecin.compte_id
    client.post(reverse("reunions:tache_rouvrir", args=[cpts.slug, tache.pk]))
    tache.refresh_from_db()
    assert tache.faite_le is None
    autre = enter(Client(), make_membre(cpts, Role.PROFESSIONNEL).compte)
    assert autre.post(reverse("reunions:tache_faite", args=[cpts.slug, tache.pk])).status_code == 404


def test_the_organiser_writes_and_takes_back(cpts, tenue, client):
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    args = [cpts.slug, tenue.pk]
    assert client.post(reverse("reunions:decision_ajouter", args=args), {"texte": ""}).status_code == 422
    client.post(reverse("reunions:decision_ajouter", args=args), {"texte": "On se revoit en mars."})
    decision = Decision.objects.get()
    personne = tenue.participations.get().personne_id
    tache = {"libelle": "Trouver une date", "responsable": personne, "echeance": today().isoformat()}
    assert client.post(reverse("reunions:tache_ajouter", args=args), tache | {"echeance": ""}).status_code == 422
    client.post(reverse("reunions:tache_ajouter", args=args), tache)
    assert "Trouver une date" in client.get(reverse("reunions:taches", args=[cpts.slug])).content.decode()
    assert b"Trouver une date" in client.get(reverse("reunions:taches", args=[cpts.slug]) + "?export=csv").content
    client.post(reverse("reunions:tache_retirer", args=[cpts.slug, Tache.objects.get().pk]))
    client.post(reverse("reunions:decision_retirer", args=[*args, decision.pk]))
    assert not Tache.objects.exists()
    assert not Decision.objects.exists()


def test_the_next_meeting_of_the_group_is_told(cpts, tenue):
    ouverte, faite = give(tenue, 5), give(tenue, 5, "Déjà faite")
    services.finish_tache(tache=faite, by=SYSTEME)
    suivante = ReunionFabrique(cpts=cpts, groupe=tenue.groupe)
    ailleurs = ReunionFabrique(cpts=cpts, groupe=GroupeFabrique(cpts=cpts))
    assert list_suites(suivante) == [ouverte, faite]
    assert list_suites(ailleurs) == []


def test_what_home_pages_say(cpts, tenue, medecin, django_assert_max_num_queries):
    give(tenue, -3)
    passee = ReunionFabrique(cpts=cpts, etat=Etat.CONVOQUEE, debut=now() - timedelta(days=1))
    ParticipationFabrique(cpts=cpts, reunion=passee, personne=PersonneFabrique(cpts=cpts))
    siennes = list_alertes(cpts.pk, make_acteur(medecin), now())
    assert [alerte.phrase.replace("\u00a0", " ") for alerte in siennes] == ["Vos tâches de réunion : 1 en retard."]
    coordination = make_acteur(make_membre(cpts, Role.COORDINATION))
    with django_assert_max_num_queries(8):
        phrases = " ".join(
            alerte.phrase.replace("\u00a0", " ") for alerte in list_alertes(cpts.pk, coordination, now())
        )
    assert "1 réunion passée n’est pas close" in phrases
    assert "1 réunion tenue n’a pas de compte rendu validé." in phrases
