"""The shared calendar, feeds opened and closed, calendars linked and read as busy times."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from fabriques.actions import ActionFabrique, EtapeFabrique
from fabriques.agenda import make_externe, make_flux
from fabriques.droits import enter, make_acteur, make_membre
from fabriques.personnes import AppartenanceFabrique, GroupeFabrique, PersonneFabrique
from fabriques.reunions import ParticipationFabrique, ReunionFabrique
from maillon.communaute.agenda import services, tasks
from maillon.communaute.agenda.externes.erreurs import AgendaIllisible
from maillon.communaute.agenda.models import AgendaExterne, Flux, Occupation
from maillon.communaute.agenda.selectors import find_occupations
from maillon.communaute.reunions.selectors import build_grille
from maillon.communaute.reunions.services import answer_sondage, choose_creneau, save_creneaux
from maillon.pilotage.cycle.enums import EtatEcheance
from maillon.pilotage.cycle.models import EcheanceSuivie, SuiviCycle
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now


def url(nom: str, cpts, *args) -> str:
    return reverse(f"agenda:{nom}", args=[cpts.slug, *args])


def read(reponse) -> str:
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))


@pytest.fixture
def lucie(cpts):
    """A nurse, in the group of prevention, with her client."""
    membre = make_membre(cpts, Role.PROFESSIONNEL, prenom="Lucie", nom="Oriol")
    with use_cpts(cpts.pk):
        personne = PersonneFabrique(cpts=cpts, membre=membre)
        groupe = GroupeFabrique(cpts=cpts, nom="Commission prévention", mission="prevention")
        AppartenanceFabrique(cpts=cpts, groupe=groupe, personne=personne)
    return personne, groupe, enter(Client(), membre.compte)


@pytest.fixture
def entrees(cpts, lucie):
    """A step of her group, one of another mission, a deadline of the contract."""
    with use_cpts(cpts.pk):
        sienne = EtapeFabrique(
            action=ActionFabrique(cpts=cpts, groupe=lucie[1]), libelle="Louer le bus", echeance=date(2026, 11, 26)
        )
        EtapeFabrique(
            action=ActionFabrique(cpts=cpts, mission="parcours"), libelle="Protocole", echeance=date(2026, 11, 27)
        )
        EcheanceSuivie.objects.create(
            cpts=cpts, suivi_cycle=SuiviCycle.objects.create(cpts=cpts), code="anniversaire", genre="anniversaire",
            libelle="Anniversaire du contrat", le=date(2026, 11, 28), etat=EtatEcheance.PROCHE, regle="r", source="s",
            statut="V",
        )  # fmt: skip
    return sienne


@pytest.mark.parametrize("vue", ["mois", "semaine", "liste"])
def test_each_sees_what_they_may_know_in_every_view(cpts, lucie, entrees, vue, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        page = lucie[2].get(url("agenda", cpts), {"vue": vue})
    assert "Louer le bus" in read(page)
    assert "Protocole" not in read(page)
    assert "Anniversaire du contrat" not in read(page)
    assert reverse("actions:fiche", args=[cpts.slug, entrees.action_id]) in page.content.decode()
    coordination = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    tout = read(coordination.get(url("agenda", cpts), {"vue": vue}))
    assert all(mot in tout for mot in ("Louer le bus", "Protocole", "Anniversaire du contrat"))
    filtre = read(coordination.get(url("agenda", cpts), {"vue": vue, "mission": "parcours"}))
    assert ("Protocole" in filtre, "Louer le bus" in filtre) == (True, False)
    genre = read(coordination.get(url("agenda", cpts), {"vue": vue, "genre": "echeance"}))
    assert ("Anniversaire du contrat" in genre, "Protocole" in genre) == (True, False)
    du_groupe = read(coordination.get(url("agenda", cpts), {"vue": vue, "de": str(lucie[1].pk)}))
    assert ("Louer le bus" in du_groupe, "Protocole" in du_groupe) == (True, False)
    siennes = read(lucie[2].get(url("agenda", cpts), {"vue": vue, "de": "moi"}))
    assert "Louer le bus" in siennes


@pytest.mark.parametrize(
    "demande",
    [
        {"jour": "2026-02-31"},
        {"jour": "0001-01-01"},
        {"jour": "x"},
        {"vue": "siecle"},
        {"de": "' or 1"},
        {"genre": "x"},
    ],
)
def test_an_address_typed_wrong_shows_the_calendar(cpts, lucie, demande):
    page = lucie[2].get(url("agenda", cpts), demande)
    assert page.status_code == 200
    assert "Novembre 2026" in read(page)


def test_a_feed_is_opened_once_read_by_anybody_who_holds_it_and_closed(cpts, lucie, entrees):
    client = lucie[2]
    page = client.post(url("flux_ouvrir", cpts))
    adresse = re.search(r'value="(http[^"]+agenda\.ics)"', page.content.decode())[1]
    assert adresse.replace("http://", "webcal://") in page.content.decode()
    chemin = adresse.removeprefix("http://localhost:8000")
    jeton = chemin.split("/")[2]
    assert jeton not in client.get(url("abonnements", cpts)).content.decode()

    lu = Client().get(chemin)
    assert lu["Content-Type"] == "text/calendar; charset=utf-8"
    evenements = icalendar.Calendar.from_ical(lu.content).walk("VEVENT")
    assert [str(e["UID"]) for e in evenements] == [f"etape-{entrees.pk}@maillon"]
    assert Client().get(chemin, headers={"If-None-Match": lu["ETag"]}).status_code == 304
    with use_cpts(cpts.pk):
        entrees.retiree, entrees.sequence = True, 1
        entrees.save()
    apres = Client().get(chemin, headers={"If-None-Match": lu["ETag"]})
    (annulee,) = icalendar.Calendar.from_ical(apres.content).walk("VEVENT")
    assert (str(annulee["STATUS"]), annulee["SEQUENCE"]) == ("CANCELLED", 1)

    neuve = client.post(url("flux_ouvrir", cpts)).content.decode()
    assert Client().get(chemin).status_code == 410
    chemin = re.search(r'value="http://localhost:8000([^"]+agenda\.ics)"', neuve)[1]
    assert Client().get(chemin).status_code == 200
    with use_cpts(cpts.pk):
        flux = Flux.objects.get(revoque_le=None)
        assert flux.lu_le == now()
    client.post(url("flux_fermer", cpts, flux.pk))
    assert Client().get(chemin).status_code == 410


def test_a_feed_stops_when_its_holder_leaves_the_group_or_the_community(cpts, lucie, entrees):
    personne, groupe, _ = lucie
    with use_cpts(cpts.pk):
        _, jeton = make_flux(personne, groupe=groupe)
        _, sien = make_flux(personne)
    du_groupe, le_sien = (reverse("agenda:flux", args=[j]) for j in (jeton, sien))
    assert "Louer le bus" in Client().get(du_groupe).content.decode()
    with use_cpts(cpts.pk):
        personne.appartenances.update(jusqu_a=date(2026, 11, 1))
    assert Client().get(du_groupe).status_code == 404
    assert Client().get(le_sien).status_code == 200
    with use_cpts(cpts.pk):
        personne.membre.actif = False
        personne.membre.save()
    assert Client().get(le_sien).status_code == 404


def test_nobody_opens_the_feed_of_a_group_that_is_not_theirs(cpts, lucie):
    with use_cpts(cpts.pk):
        autre = GroupeFabrique(cpts=cpts)
    for demande in (str(autre.pk), str(uuid4()), "x"):
        assert lucie[2].post(url("flux_ouvrir", cpts), {"groupe": demande}).status_code == 404
    with use_cpts(cpts.pk), pytest.raises(IntegrityError), transaction.atomic():
        Flux.objects.create(cpts=cpts, pour=lucie[0])


def test_the_deadlines_of_the_contract_go_to_those_who_steer_it(cpts, entrees):
    for role, attendu in ((Role.BUREAU, True), (Role.PROFESSIONNEL, False)):
        membre = make_membre(cpts, role)
        with use_cpts(cpts.pk):
            _, jeton = make_flux(PersonneFabrique(cpts=cpts, membre=membre))
        assert ("Anniversaire" in Client().get(reverse("agenda:flux", args=[jeton])).content.decode()) is attendu


def test_linking_a_calendar_keeps_its_address_and_password_encrypted(cpts, lucie):
    champs = {"libelle": "Cabinet", "genre": "caldav", "adresse": "http://agenda.example.org/alix/"}
    refus = lucie[2].post(url("externe_ajouter", cpts), champs)
    assert refus.status_code == 422
    assert "https:// ou webcal://" in read(refus)
    assert "demande un nom d’utilisateur" in read(refus)
    champs |= {"adresse": "https://agenda.example.org/secret/", "utilisateur": "alix", "secret": "sesame"}
    page = lucie[2].post(url("externe_ajouter", cpts), champs, follow=True).content.decode()
    assert "agenda.example.org" in page
    assert "/secret/" not in page
    with use_cpts(cpts.pk):
        agenda = AgendaExterne.objects.get()
        assert agenda.read_secrets() == ("https://agenda.example.org/secret/", "alix", "sesame")
        for colonne in AgendaExterne.colonnes_chiffrees:
            assert not {b"secret", b"alix", b"sesame"} & {bytes(getattr(agenda, colonne))}
        for _ in range(4):
            make_externe(lucie[0])
    sixieme = lucie[2].post(url("externe_ajouter", cpts), {**champs, "libelle": "Sixième"})
    assert "retirez-en un" in read(sixieme)
    autre = enter(Client(), make_membre(cpts, Role.COORDINATION).compte)
    assert autre.post(url("externe_retirer", cpts, agenda.pk)).status_code == 404
    lucie[2].post(url("externe_retirer", cpts, agenda.pk))
    with use_cpts(cpts.pk):
        assert not AgendaExterne.objects.filter(pk=agenda.pk).exists()


def test_reading_replaces_busy_times_and_a_failure_keeps_them_with_a_sentence(cpts, lucie, monkeypatch):
    with use_cpts(cpts.pk):
        agenda = make_externe(lucie[0])
    heure = datetime(2026, 12, 1, 9, tzinfo=UTC)
    lus = [[(heure, heure + timedelta(hours=1))], [(heure + timedelta(days=1), heure + timedelta(days=1, hours=2))]]
    for intervalles in lus:
        monkeypatch.setattr(tasks, "read_agenda", lambda *a, lu=intervalles, **k: lu)
        tasks.lire.func(cpts_id=str(cpts.pk), agenda_id=str(agenda.pk))
        with use_cpts(cpts.pk):
            assert [(o.debut, o.fin) for o in Occupation.objects.all()] == intervalles

    def fail(*args, **options):
        raise AgendaIllisible("Le serveur est trop lent.")

    monkeypatch.setattr(tasks, "read_agenda", fail)
    tasks.lire.func(cpts_id=str(cpts.pk), agenda_id=str(agenda.pk))
    page = read(lucie[2].get(url("abonnements", cpts)))
    assert "Le serveur est trop lent." in page
    assert "1 moment occupé à venir" in page
    tasks.lire.func(cpts_id=str(cpts.pk), agenda_id=str(uuid4()))


def test_every_half_hour_asks_for_what_is_old_and_forgets_those_who_left(cpts, lucie, monkeypatch):
    demandes = []
    monkeypatch.setattr(tasks, "request_lecture", lambda cpts_id, pk: demandes.append(pk))
    with use_cpts(cpts.pk):
        vieux, frais, parti = make_externe(lucie[0]), make_externe(lucie[0]), make_externe(PersonneFabrique(cpts=cpts))
        services.keep_lecture(agenda=frais, intervalles=[])
        parti.personne.partie_le = date(2026, 11, 1)
        parti.personne.save()
    tasks.relire.func(timestamp=0)
    assert demandes == [vieux.pk]
    with use_cpts(cpts.pk):
        assert set(AgendaExterne.objects.all()) == {vieux, frais}


def test_who_seeks_a_date_learns_when_and_nothing_more(dans_cpts, django_assert_num_queries):
    un, autre = PersonneFabrique(cpts=dans_cpts), PersonneFabrique(cpts=dans_cpts)
    midi = datetime(2026, 12, 1, 12, tzinfo=UTC)
    for personne, bornes in ((un, (0, 60)), (un, (30, 90)), (un, (300, 330)), (autre, (10, 20))):
        intervalles = [tuple(midi + timedelta(minutes=m) for m in bornes)]
        services.keep_lecture(agenda=make_externe(personne), intervalles=intervalles)
    with django_assert_num_queries(1):
        trouvees = find_occupations([un.pk], midi + timedelta(minutes=10), midi + timedelta(minutes=310))
    minutes = [((o.debut - midi).seconds // 60, (o.fin - midi).seconds // 60) for o in trouvees]
    assert minutes == [(10, 90), (300, 310)]
    assert {o.personne_id for o in trouvees} == {un.pk}
    assert find_occupations([], midi, midi + timedelta(days=1)) == []
    assert find_occupations in [source.occupations for source in collect("occupations")]


def test_a_new_member_becomes_a_person_when_they_subscribe(cpts):
    membre = make_membre(cpts, Role.SECRETARIAT)
    client = enter(Client(), membre.compte)
    assert client.get(url("agenda", cpts), {"de": "moi"}).status_code == 200
    client.post(url("flux_ouvrir", cpts))
    with use_cpts(cpts.pk):
        assert Flux.objects.get().pour.membre == membre
        assert make_acteur(membre).membre_id == membre.pk
        services.close_flux(flux=Flux.objects.get(), by=SYSTEME)


def test_the_poll_of_a_meeting_says_who_is_busy_and_a_convoked_meeting_is_in_the_feed(cpts, lucie):
    membre = make_membre(cpts, Role.COORDINATION)
    debut = now() + timedelta(days=15)
    with use_cpts(cpts.pk):
        by = make_acteur(membre)
        reunion = ReunionFabrique(cpts=cpts, sans_date=True)
        invitee = ParticipationFabrique(cpts=cpts, reunion=reunion, personne=lucie[0])
        creneaux = [(debut + timedelta(days=j), debut + timedelta(days=j, hours=2)) for j in range(2)]
        sondage = save_creneaux(reunion_id=reunion.pk, creneaux=creneaux, repondre_avant=None, by=by)
        services.keep_lecture(
            agenda=make_externe(lucie[0]), intervalles=[(debut + timedelta(hours=1), debut + timedelta(hours=3))]
        )
        grille = build_grille(sondage)
        assert [colonne.pris for colonne in grille.colonnes] == [[lucie[0]], []]
    page = enter(Client(), membre.compte).get(reverse("reunions:sondage", args=[cpts.slug, reunion.pk]))
    assert f"Déjà pris ailleurs : {lucie[0]}" in read(page)
    with use_cpts(cpts.pk):
        premier = sondage.creneaux.first()
        answer_sondage(participation_id=invitee.pk, choix={c.pk: "oui" for c in sondage.creneaux.all()}, by=by)
        assert build_grille(sondage).colonnes[0].pris == []
        choose_creneau(reunion_id=reunion.pk, creneau_id=premier.pk, by=by)
        reunion.refresh_from_db()
        reunion.convoquee_le = now()
        reunion.save()
        _, jeton = make_flux(lucie[0])
    lu = Client().get(reverse("agenda:flux", args=[jeton]))
    assert [e["DTSTART"].dt for e in icalendar.Calendar.from_ical(lu.content).walk("VEVENT")] == [debut]
