"""How many slots one person may hold at once: enough for several calls, never those of a whole town."""

from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.course import race
from fabriques.droits import enter, make_acteur, make_agent, make_membre
from fabriques.medecin_traitant import Guichet
from fabriques.patients import make_patient
from fabriques.soins import make_creneau, make_pro, make_soins
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import EtatRendezVous, Origine
from maillon.missions.soins_non_programmes.models import ActionRefusee, Creneau, RendezVous
from maillon.missions.soins_non_programmes.services.reservation import RETENUES, RETENUES_ACCUEIL
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Role, RoleTerritorial


def open_creneaux(soins: Guichet, nombre: int) -> list[Creneau]:
    """Slots of as many professionals."""
    return [make_creneau(soins, make_pro(soins)) for _ in range(nombre)]


def hold(creneau: Creneau, by: Acteur) -> RendezVous:
    return services.hold(creneau_id=creneau.pk, by=by, cle_depot=uuid4().hex, origine=Origine.PHARMACIE)


@pytest.mark.django_db
def test_nobody_holds_a_whole_town_and_who_lets_go_or_gives_may_hold_again(soins: Guichet) -> None:
    with use_cpts(soins.cpts.pk):
        by = make_acteur(make_membre(soins.cpts, Role.PHARMACIEN))
        creneaux = open_creneaux(soins, RETENUES + 3)
        held = [hold(creneau, by) for creneau in creneaux[:RETENUES]]
        with pytest.raises(ActionRefusee, match="Donnez-en un, ou laissez-le"):
            hold(creneaux[RETENUES], by)
        services.release(rendez_vous=held[1], by=by)
        hold(creneaux[RETENUES], by)
        services.confirm(rendez_vous=held[0], patient=make_patient(soins.cpts), by=by)
        hold(creneaux[RETENUES + 1], by)
        with pytest.raises(ActionRefusee):
            hold(creneaux[RETENUES + 2], by)
        given = services.book(
            creneau_id=creneaux[RETENUES + 2].pk,
            patient=make_patient(soins.cpts),
            by=by,
            cle_depot="tout de suite",
            origine=Origine.PHARMACIE,
        )
        assert given.etat == EtatRendezVous.CONFIRME, "a slot given at once is not held"
        autre = make_acteur(make_membre(soins.cpts, Role.PHARMACIEN))
        hold(creneaux[1], autre)


@pytest.mark.django_db
def test_a_hold_whose_time_has_passed_stands_in_nobody_s_way(soins: Guichet) -> None:
    with use_cpts(soins.cpts.pk):
        by = make_acteur(make_membre(soins.cpts, Role.PROFESSIONNEL))
        creneaux = open_creneaux(soins, RETENUES + 1)
        last = [hold(creneau, by) for creneau in creneaux[:RETENUES]][-1]
        with horloge.at(last.retenu_jusque):
            hold(creneaux[RETENUES], by)


@pytest.mark.django_db
def test_the_desk_and_the_centre_15_hold_several_at_once(soins: Guichet) -> None:
    with use_cpts(soins.cpts.pk):
        creneaux = open_creneaux(soins, RETENUES_ACCUEIL + 1)
    regulateur = enter(Client(), make_agent(RoleTerritorial.REGULATEUR).compte)
    answers = [
        regulateur.post(reverse("soins_regulation_retenir"), {"creneau": creneau.pk, "cle": uuid4().hex[:24]})
        for creneau in creneaux
    ]
    assert [answer.status_code for answer in answers] == [302] * RETENUES_ACCUEIL + [422]
    page = answers[-1].content.decode()
    assert f"Vous retenez déjà {RETENUES_ACCUEIL}\u00a0créneaux" in page
    assert all(answer.url in page for answer in answers[:-1]), "each held slot is there, to be given or let go"
    desk = enter(Client(), soins.membre.compte)
    libre = desk.post(reverse("soins_retenir", args=[soins.cpts.slug]), {"creneau": creneaux[-1].pk, "cle": "a" * 24})
    assert libre.status_code == 302


@pytest.mark.commits
def test_however_fast_one_clicks_no_more_are_held(clone_base) -> None:
    """Twelve clicks of one account at the same instant, on the slots of twelve professionals."""
    soins = make_soins()
    with use_cpts(soins.cpts.pk):
        by = make_acteur(make_membre(soins.cpts, Role.PHARMACIEN))
        creneaux = open_creneaux(soins, 12)

    ended = race(soins.cpts.pk, [partial(hold, creneau, by) for creneau in creneaux])
    assert ended == ["ActionRefusee"] * (12 - RETENUES) + ["fait"] * RETENUES
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.filter(etat=EtatRendezVous.RETENU).count() == RETENUES
