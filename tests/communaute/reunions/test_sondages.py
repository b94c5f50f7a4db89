"""A date to find, when days pass or change: no past day is proposed, and no answer outlives its date."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fabriques.droits import enter
from fabriques.reunions import ReunionFabrique
from maillon.communaute.reunions import services
from maillon.communaute.reunions.donnees import DonneesReunion
from maillon.communaute.reunions.enums import Choix
from maillon.communaute.reunions.models import ActionRefusee, Reunion, Sondage
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now, today

DUREE = timedelta(hours=2)


def propose(maison: Any, reunion: Reunion, *jours: int) -> Sondage:
    debuts = [now() + timedelta(days=jour) for jour in jours]
    return services.save_creneaux(
        reunion_id=reunion.pk, creneaux=[(d, d + DUREE) for d in debuts], repondre_avant=None, by=maison.by
    )


def say_non(maison: Any) -> tuple[Reunion, Sondage]:
    """A meeting whose only guest cannot come on the day that was chosen."""
    reunion = ReunionFabrique(cpts=maison.cpts, sans_date=True)
    (seule,) = maison.invite(reunion, 1)
    sondage = propose(maison, reunion, 10, 12)
    choisi = sondage.creneaux.order_by("debut")[0]
    services.answer_sondage(participation_id=seule.pk, choix={choisi.pk: Choix.NON}, by=maison.by)
    services.choose_creneau(reunion_id=reunion.pk, creneau_id=choisi.pk, by=maison.by)
    assert seule.__class__.objects.get().reponse == "non"
    reunion.refresh_from_db()
    return reunion, sondage


def test_a_past_day_is_not_proposed_and_the_field_says_so(maison: Any) -> None:
    reunion = ReunionFabrique(cpts=maison.cpts, sans_date=True)
    client, url = (
        enter(Client(), maison.membre.compte),
        reverse("reunions:sondage", args=[maison.cpts.slug, reunion.pk]),
    )
    hier = {"jour_1": f"{today() - timedelta(days=1):%Y-%m-%d}", "heure_1": "19:30", "duree": "120"}
    for envoi, dit in (
        (hier, "Cette date est passée."),
        ({"duree": "120"}, "Proposez au moins une date."),
        (
            {"duree": "120", "jour_1": f"{today() + timedelta(days=9):%Y-%m-%d}", "heure_1": "19:30"}
            | {"repondre_avant": hier["jour_1"]},
            "Cette date est passée.",
        ),
    ):
        refus = client.post(url, envoi)
        assert (refus.status_code, dit in refus.content.decode()) == (422, True)
    with use_cpts(maison.cpts.pk):
        assert not Sondage.objects.exists()
        with pytest.raises(ActionRefusee, match="passée"):
            propose(maison, reunion, -1)


def test_a_day_that_passed_meanwhile_is_not_chosen(maison: Any) -> None:
    reunion = ReunionFabrique(cpts=maison.cpts, sans_date=True)
    sondage = propose(maison, reunion, 2, 12)
    with horloge.at(now() + timedelta(days=3)), pytest.raises(ActionRefusee, match="passée"):
        services.choose_creneau(
            reunion_id=reunion.pk, creneau_id=sondage.creneaux.order_by("debut")[0].pk, by=maison.by
        )


def test_a_meeting_moved_after_its_poll_asks_again(maison: Any) -> None:
    reunion, _ = say_non(maison)
    debut = timezone.localtime(reunion.debut) + timedelta(days=7)
    donnees = DonneesReunion(type=reunion.type, titre=reunion.titre, debut=debut, fin=debut + DUREE)
    services.update_reunion(reunion_id=reunion.pk, donnees=donnees, by=maison.by)
    assert reunion.participations.get().reponse == "attendue"


def test_another_day_of_a_reopened_poll_asks_again(maison: Any) -> None:
    reunion, sondage = say_non(maison)
    propose(maison, reunion, 20)
    autre = sondage.creneaux.order_by("-debut")[0]
    services.choose_creneau(reunion_id=reunion.pk, creneau_id=autre.pk, by=maison.by)
    assert reunion.participations.get().reponse == "attendue"


def test_a_date_on_a_public_holiday_is_said_beside_it_and_kept(maison: Any, client: Client) -> None:
    noel = datetime(now().year + 1, 12, 25, 18, tzinfo=ZoneInfo("Europe/Paris"))
    reunion = maison.make_ca(2)
    services.save_creneaux(
        reunion_id=reunion.pk,
        creneaux=[(noel, noel + timedelta(hours=2)), (noel - timedelta(days=3), noel - timedelta(days=3, hours=-2))],
        repondre_avant=None,
        by=maison.by,
    )
    enter(client, maison.membre.compte)
    page = client.get(reverse("reunions:sondage", args=[maison.cpts.slug, reunion.pk])).content.decode()
    assert page.count("Jour férié\u00a0: Noël") == 1
    with use_cpts(maison.cpts.pk):
        type(reunion).objects.filter(pk=reunion.pk).update(debut=noel, fin=noel + timedelta(hours=2))
    for nom in ("fiche", "convoquer"):
        page = client.get(reverse(f"reunions:{nom}", args=[maison.cpts.slug, reunion.pk])).content.decode()
        assert "our férié\u00a0: Noël" in page
