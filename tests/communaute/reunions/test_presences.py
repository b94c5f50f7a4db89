"""Attendance: by oneself, on the tablet, on paper, by the organiser; what it changes, and when it is refused."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_acteur, make_cpts, make_membre
from fabriques.personnes import PersonneFabrique
from fabriques.reunions import ParticipationFabrique, ReunionFabrique
from maillon.communaute.personnes.services import keep_membre
from maillon.communaute.reunions.codes import make_code, read_code
from maillon.communaute.reunions.enums import Etat, GenreDocument, Presence, PreuvePresence, Reponse
from maillon.communaute.reunions.heures import compute_duree, to_heures
from maillon.communaute.reunions.models import (
    ActionRefusee,
    Convocation,
    DocumentReunion,
    Emargement,
    Participation,
    Pouvoir,
    Reunion,
)
from maillon.communaute.reunions.services import cloture
from maillon.communaute.reunions.services import presences as services
from maillon.communaute.reunions.sources import list_reunions_of
from maillon.communaute.reunions.views.commun_presences import at_time
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.fichiers.services import read_fichier
from maillon.socle.horloge import at, now

PARIS = ZoneInfo("Europe/Paris")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
TRAIT = "M10.0 20.0 L10.0 20.0 L40.5 60.0 "


@pytest.fixture(autouse=True)
def _fichiers(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def cpts(db):
    return make_cpts()


@pytest.fixture
def soiree(cpts):
    """A working group under way since a quarter of an hour, three people on its list."""
    with use_cpts(cpts.pk):
        debut = now() - timedelta(minutes=15)
        reunion = ReunionFabrique(cpts=cpts, etat=Etat.CONVOQUEE, convoquee_le=now(), debut=debut)
        for nom in ("Aubry", "Berthet", "Collomb"):
            personne = PersonneFabrique(cpts=cpts, prenom="Maël", nom=nom, courriel=f"{nom.lower()}@example.org")
            ParticipationFabrique(cpts=cpts, reunion=reunion, personne=personne)
        yield reunion


def line(reunion, nom: str) -> Participation:
    return Participation.objects.get(reunion=reunion, personne__nom=nom)


def notes(reunion) -> dict[str, str]:
    return dict(Participation.objects.filter(reunion=reunion).values_list("personne__nom", "presence"))


@pytest.mark.parametrize(
    ("arrivee", "depart", "heures"),
    [(None, None, "2.00"), (30, None, "1.50"), (None, 40, "0.67"), (-20, 300, "2.00"), (90, 100, "0.17")],
)
def test_the_hours_of_a_partial_presence(arrivee, depart, heures):
    debut = now()
    moments = {
        nom: debut + timedelta(minutes=minutes) if minutes is not None else None
        for nom, minutes in (("arrivee", arrivee), ("depart", depart))
    }
    assert to_heures(compute_duree(debut, debut + timedelta(hours=2), **moments)) == Decimal(heures)


def test_a_code_is_worth_a_few_minutes_for_one_meeting(soiree):
    moment = now()
    code = make_code(soiree.pk, moment)
    assert read_code(code, moment) == soiree.pk
    assert read_code(code, moment + timedelta(minutes=2)) == soiree.pk
    assert read_code(code, moment + timedelta(minutes=5)) is None
    forge = ("A" if code[0] != "A" else "B") + code[1:]
    assert read_code(forge, moment) is None
    assert read_code("rien du tout", moment) is None


def test_the_telephone_in_the_room(cpts, soiree, client):
    """Who scans says who they are once; the next scan is one touch. Control: the code of ten minutes ago is refused."""
    adresse = reverse("reunions:presence_code", args=[cpts.slug, make_code(soiree.pk, now())])
    passe = reverse("reunions:presence_code", args=[cpts.slug, make_code(soiree.pk, now() - timedelta(minutes=10))])
    assert Client().get(passe).status_code == 410
    assert client.get(adresse).status_code == 200
    refuse = client.post(adresse, {"nom": "Maël Aubry", "courriel": "autre@example.org"})
    assert refuse.status_code == 422
    assert "ne sont pas connus ensemble" in refuse.content.decode()
    client.post(adresse, {"nom": "aubry mael", "courriel": "Aubry@example.org"})
    ligne = line(soiree, "Aubry")
    assert (ligne.presence, ligne.preuve) == (Presence.PRESENT, PreuvePresence.QR)
    # The page stays open while one types: the code may have changed meanwhile.
    assert "enregistrée" in client.get(passe).content.decode()
    client.post(passe, {"geste": "partir"})
    assert Emargement.objects.get(participation=ligne).depart is not None
    assert notes(soiree) == {"Aubry": "present", "Berthet": "inconnue", "Collomb": "inconnue"}
    # Closed, its attendance is the organiser's: nobody writes it anew from their telephone.
    cloture.close_reunion(reunion=soiree, by=SYSTEME)
    client.post(passe, {"geste": "partir"})
    assert DocumentReunion.objects.filter(reunion=soiree, genre=GenreDocument.PRESENCES).count() == 1


def test_meetings_stand_on_the_sheet_of_the_person_for_who_may_see_them(cpts, soiree):
    with use_cpts(cpts.pk):
        row, by = line(soiree, "Aubry"), make_acteur(make_membre(cpts, Role.COORDINATION))
        assert [e.etat for e in list_reunions_of(cpts.pk, row.personne_id, by)] == ["invitation envoyée"]
        services.record_presence(participation=row, preuve=PreuvePresence.SAISIE, by=by)
        (element,) = list_reunions_of(cpts.pk, row.personne_id, by)
        assert (element.libelle, element.etat, element.ton) == (soiree.titre, "présent", "bien")
        assert list_reunions_of(cpts.pk, row.personne_id, make_acteur(make_membre(cpts, Role.PROFESSIONNEL))) == []


def test_an_account_is_recognised_and_somebody_uninvited_is_added(cpts, soiree, client):
    membre = make_membre(cpts, Role.PROFESSIONNEL, nom="Dumas", prenom="Line")
    with use_cpts(cpts.pk):
        keep_membre(membre=membre, by=SYSTEME)
    enter(client, membre.compte)
    adresse = reverse("reunions:presence_code", args=[cpts.slug, make_code(soiree.pk, now())])
    assert "Vous êtes Line Dumas" in client.get(adresse).content.decode()
    client.post(adresse, {"geste": "present"})
    assert notes(soiree)["Dumas"] == Presence.PRESENT
    assert Participation.objects.filter(reunion=soiree).count() == 4


def test_the_tablet_signs_and_the_document_shows_it(cpts, soiree, client):
    jeton = services.open_tablette(reunion=soiree, by=SYSTEME)
    ligne = line(soiree, "Berthet")
    assert "Berthet" in client.get(reverse("reunions:lien_tablette", args=[jeton])).content.decode()
    page = reverse("reunions:lien_tablette_signer", args=[jeton, ligne.pk])
    assert client.post(page, {"trace": "", "initiales": ""}).status_code == 422
    assert client.post(page, {"trace": '"/><script>', "initiales": ""}).status_code == 422
    assert client.post(page, {"trace": TRAIT, "initiales": ""}).status_code == 302
    assert Emargement.objects.get(participation=ligne).signature.strip() == TRAIT.strip()
    with pytest.raises(IntegrityError), transaction.atomic():
        Emargement.objects.filter(participation=ligne).update(signature='"/><script>')
    nouveau = services.open_tablette(reunion=soiree, by=SYSTEME)
    assert client.get(page).status_code == 410
    assert client.get(reverse("reunions:lien_tablette", args=[nouveau])).status_code == 200
    cloture.close_reunion(reunion=soiree, by=SYSTEME)
    document = DocumentReunion.objects.get(reunion=soiree, genre=GenreDocument.PRESENCES)
    assert read_fichier(document.fichier).startswith(b"%PDF")
    assert document.empreinte == document.fichier.empreinte


def test_the_personal_link_works_during_the_meeting_only(soiree, client):
    services.send_liens(reunion=soiree, by=SYSTEME)
    message = Message.objects.filter(gabarit__endswith="lien_presence.txt").first()
    assert Message.objects.count() == 3
    chemin = "/l/" + message.texte.split("/l/")[1].split()[0]
    with at(soiree.debut - timedelta(hours=3)):
        client.post(chemin, {"geste": "present"})
        assert "present" not in notes(soiree).values()
    assert client.get(chemin).status_code == 200
    client.post(chemin, {"geste": "present"})
    assert list(notes(soiree).values()).count("present") == 1
    assert Participation.objects.get(presence="present").preuve == PreuvePresence.LIEN


def test_a_signed_sheet_is_kept_and_exceptions_are_unticked(cpts, soiree, client):
    membre = make_membre(cpts, Role.COORDINATION)
    enter(client, membre.compte)
    services.record_presence(participation=line(soiree, "Aubry"), preuve=PreuvePresence.QR, by=SYSTEME)
    Participation.objects.filter(personne__nom="Collomb").update(reponse=Reponse.NON)
    adresse = reverse("reunions:presences_papier", args=[cpts.slug, soiree.pk])
    signes = [str(line(soiree, nom).pk) for nom in ("Aubry", "Berthet")]
    feuille = SimpleUploadedFile("feuille.png", PNG)
    assert client.post(adresse, {"present": signes, "feuille": feuille}).status_code == 302
    assert notes(soiree) == {"Aubry": "present", "Berthet": "present", "Collomb": "excuse"}
    assert line(soiree, "Aubry").preuve == PreuvePresence.QR
    assert line(soiree, "Berthet").preuve == PreuvePresence.PAPIER
    assert line(soiree, "Berthet").emargement.feuille.genre == GenreDocument.FEUILLE


def test_one_touch_then_undone_and_the_count(cpts, soiree, client, django_assert_max_num_queries):
    enter(client, make_membre(cpts, Role.SECRETARIAT).compte)
    page = reverse("reunions:presences", args=[cpts.slug, soiree.pk])
    ligne = line(soiree, "Collomb")
    noter = reverse("reunions:presence_noter", args=[cpts.slug, soiree.pk, ligne.pk])
    fragment = client.post(noter, {"geste": "present"}, headers={"HX-Request": "true"}).content.decode()
    assert "1 présent sur 3" in fragment.replace("\u00a0", " ")
    client.post(f"{noter}?geste=inconnue")
    assert notes(soiree)["Collomb"] == Presence.INCONNUE
    client.post(noter, {"geste": "excuse"})
    assert notes(soiree)["Collomb"] == Presence.EXCUSE
    with django_assert_max_num_queries(30):
        reponse = client.get(page, {"q": "mael"})
    assert reponse.status_code == 200
    for nom in ("presences_code", "presences_feuille"):
        assert client.get(reverse(f"reunions:{nom}", args=[cpts.slug, soiree.pk])).status_code == 200
    assert client.post(reverse("reunions:presences_tablette", args=[cpts.slug, soiree.pk])).status_code == 200


def test_a_meeting_closes_once_with_somebody_there(soiree):
    with pytest.raises(ActionRefusee, match="Personne n’est noté présent"):
        cloture.close_reunion(reunion=soiree, by=SYSTEME)
    services.record_presence(participation=line(soiree, "Aubry"), preuve=PreuvePresence.SAISIE, by=SYSTEME)
    Participation.objects.filter(personne__nom="Berthet").update(reponse=Reponse.NON)
    close = cloture.close_reunion(reunion=soiree, by=SYSTEME, fin=now())
    assert close.etat == Etat.TENUE
    assert notes(soiree) == {"Aubry": "present", "Berthet": "excuse", "Collomb": "absent"}
    with pytest.raises(ActionRefusee):
        cloture.close_reunion(reunion=soiree, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="close"):
        services.record_presence(participation=line(soiree, "Collomb"), preuve=PreuvePresence.SAISIE, by=SYSTEME)
    # The organiser still corrects the list: the attendance is frozen again, the former document stays.
    presents = [line(soiree, nom).pk for nom in ("Aubry", "Collomb")]
    services.record_feuille(reunion=soiree, piece=None, presents=presents, by=SYSTEME)
    assert notes(soiree)["Collomb"] == Presence.PRESENT
    assert DocumentReunion.objects.filter(reunion=soiree, genre=GenreDocument.PRESENCES).count() == 2


def test_too_early_and_cancelled_are_refused(cpts, soiree):
    ligne = line(soiree, "Aubry")
    with at(soiree.debut - timedelta(hours=2)), pytest.raises(ActionRefusee, match="une heure avant"):
        services.record_presence(participation=ligne, preuve=PreuvePresence.SAISIE, by=SYSTEME)
    with at(soiree.fin + timedelta(hours=3)):
        with pytest.raises(ActionRefusee, match="émargement est fermé"):
            services.record_presence(participation=ligne, preuve=PreuvePresence.QR, by=SYSTEME)
        services.record_presence(participation=ligne, preuve=PreuvePresence.SAISIE, by=SYSTEME)
    soiree.etat = Etat.ANNULEE
    soiree.save()
    with pytest.raises(ActionRefusee, match="annulée"):
        services.cancel_presence(participation=ligne, by=SYSTEME)


def test_a_proxy_falls_with_the_presence_and_holds_again_when_it_is_undone(cpts, soiree):
    Convocation.objects.create(
        cpts=cpts, reunion=soiree, le=now(), convoques=3, preavis_jours=15, quorum_numerateur=1,
        quorum_denominateur=2, pouvoirs_max=2,
    )  # fmt: skip
    Participation.objects.filter(reunion=soiree).update(votant=True)
    mandant, mandataire = line(soiree, "Aubry"), line(soiree, "Berthet")
    pouvoir = Pouvoir.objects.create(
        cpts=cpts, reunion=soiree, mandant=mandant, mandataire=mandataire, donne_le=now(), preuve="papier"
    )
    services.record_presence(participation=mandant, preuve=PreuvePresence.QR, by=SYSTEME)
    pouvoir.refresh_from_db()
    assert pouvoir.fin == "presence"
    services.cancel_presence(participation=mandant, by=SYSTEME)
    pouvoir.refresh_from_db()
    assert pouvoir.fin_le is None


def test_hours_are_refused_the_wrong_way_round(cpts, soiree, client):
    ligne = services.record_presence(participation=line(soiree, "Aubry"), preuve=PreuvePresence.SAISIE, by=SYSTEME)
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    adresse = reverse("reunions:presence_heures", args=[cpts.slug, soiree.pk, ligne.pk])
    debut = soiree.debut.astimezone(PARIS)
    assert client.post(adresse, {"arrivee": f"{debut + timedelta(minutes=9):%H:%M}", "depart": ""}).status_code == 302
    with pytest.raises(ActionRefusee, match="précède"):
        services.record_heures(
            participation=ligne, arrivee=soiree.fin, depart=soiree.debut, by=make_acteur(make_membre(cpts, Role.BUREAU))
        )


@pytest.mark.parametrize(
    ("debut", "heure", "attendu"),
    [
        ((20, 0), time(22, 15), (22, 22, 15)),
        ((20, 0), time(19, 50), (22, 19, 50)),
        ((23, 30), time(0, 30), (23, 0, 30)),
        ((9, 0), time(8, 45), (22, 8, 45)),
    ],
)
def test_a_meeting_of_the_evening_may_end_after_midnight(debut, heure, attendu):
    reunion = Reunion(debut=datetime(2026, 9, 22, *debut, tzinfo=PARIS))
    assert at_time(reunion, heure) == datetime(2026, 9, *attendu, tzinfo=PARIS)
