"""Every address × method × role, in one's own community and in another: the matrix, the code and the answers agree."""

import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from acces.objets import CANARIS, OBJETS
from acces.routes import ROLES, Ligne, describe, propose, walk
from acces.terrain import (
    EXEMPLES,
    LAISSE_ENTRER,
    MATRICE,
    METHODES,
    MOT,
    NOTRES,
    ROUTES,
    Monde,
    Refus,
    Terrain,
    assert_no_canary,
    undone,
)
from fabriques.droits import enter, make_compte, make_cpts
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Role
from maillon.socle.droits.middleware import get_acces
from maillon.socle.droits.models import Membre
from maillon.socle.droits.permissions import Porte
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now

pytestmark = pytest.mark.acces


def test_every_address_is_in_the_matrix_and_only_those() -> None:
    missing = [propose(route) for name, route in sorted(ROUTES.items()) if name not in MATRICE]
    assert not missing, "Ajoutez à tests/acces/matrice.yaml, après les avoir relues :\n" + "\n".join(missing)
    assert not set(MATRICE) - set(ROUTES), "La matrice nomme des adresses qui n’existent plus."


def test_names_are_unique() -> None:
    names = [route.nom for route in walk()]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("ligne", NOTRES, ids=lambda ligne: ligne.nom)
def test_the_code_agrees(ligne: Ligne) -> None:
    acces = get_acces(ROUTES[ligne.nom].view)
    assert acces is not None, f"{ligne.nom} ne dit pas qui peut l’ouvrir"
    shown = describe(acces)
    assert (set(shown) if isinstance(shown, list) else shown) == (
        set(ligne.qui) if isinstance(ligne.qui, tuple) else ligne.qui
    )
    assert acces.patients == ligne.patients
    assert acces.fort == (acces.porte in (Porte.PERMISSION, Porte.CONNECTE))


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, ligne in MATRICE.items() if ligne.qui == "bibliotheque"])
def test_library_pages_guard_themselves(name: str) -> None:
    route = ROUTES[name]
    assert route.is_bibliotheque
    assert get_acces(route.view) is not None
    answer = Client().get(reverse(name, kwargs={key: EXEMPLES[key] for key in route.arguments}))
    assert answer.status_code in {200, 302, 401}
    if answer.status_code == 302:
        assert answer.url.startswith("/compte/"), answer.url


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, ligne in MATRICE.items() if ligne.qui == "fermee"])
def test_closed_pages_answer_404(name: str) -> None:
    path = "/" + re.split(r"[(\\$]", ROUTES[name].motif.replace("^", ""))[0]
    assert Client().get(path).status_code == 404
    assert Client().post(path).status_code == 404


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: Any) -> Iterator[Monde]:
    """Made once, in a transaction that every test of this module undoes its part of."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = Monde(make_cpts("CPTS d’ici", fictive=True), make_cpts("CPTS d’ailleurs", fictive=True))
        with use_cpts(made.ailleurs.pk):
            for plant in CANARIS:
                plant(made.ailleurs, MOT)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def essai(monde: Monde, django_db_blocker: Any) -> Iterator[Monde]:
    """What a test writes is undone."""
    with django_db_blocker.unblock(), undone():
        yield monde


@pytest.fixture
def terrain(request: pytest.FixtureRequest, essai: Monde) -> Terrain:
    return Terrain(request.param, ROUTES[request.param.nom], essai)


def of_kind(*kinds: str) -> Any:
    """The lines of these kinds, as the parameter of `terrain`."""

    def kind(ligne: Ligne) -> str:
        return "roles" if isinstance(ligne.qui, tuple) else ligne.qui.split()[0]

    chosen = [ligne for ligne in NOTRES if kind(ligne) in kinds]
    return pytest.mark.parametrize("terrain", chosen, indirect=True, ids=lambda ligne: ligne.nom)


@of_kind("roles")
def test_each_role(terrain: Terrain) -> None:
    """In one's own community: these roles and no other; in another one: nobody."""
    ligne, has_slug = terrain.ligne, "slug" in terrain.route.arguments
    # One object serves all those who are refused: a refusal changes nothing. The door looks at the person, not at the
    # method: each of them tries one, in turn.
    shared, turns = terrain.make_url(None), cycle(ligne.methodes)
    refuse = Refus(terrain)
    for name, role in ROLES.items():
        if name in ligne.qui and has_slug == isinstance(role, Role):
            client, membre = terrain.enter_as(name, terrain.ici)
            url = terrain.make_url(membre) if terrain.is_personal else shared
            for method in ligne.methodes:
                with undone():
                    terrain.check_let_in(terrain.ask(client, method, url), f"{method} {name}")
        else:
            refuse(name, terrain.ici, next(turns), shared, "")
    if not has_slug:
        return
    swapped = terrain.make_url(None, slug=terrain.ailleurs, objets=terrain.ici) if terrain.route.has_objet else ""
    refuse_swapped = Refus(terrain)
    for name in ligne.qui:
        refuse(name, terrain.ailleurs, next(turns), shared, " d’ailleurs")
        # Here the person is let in, and the object alone is refused: by each method.
        for method in ligne.methodes if swapped else ():
            refuse_swapped(name, terrain.ailleurs, method, swapped, ", objet échangé")


@of_kind("roles", "connecte")
def test_two_factors_are_asked(terrain: Terrain) -> None:
    url = terrain.make_empty_url()
    for method in terrain.ligne.methodes:
        assert terrain.ask(Client(), method, url).url.startswith("/compte/login/?next=")
        assert terrain.ask(terrain.monde.sans_facteur, method, url).url == reverse("mfa_index")


@of_kind("connecte")
def test_every_account(terrain: Terrain) -> None:
    for method in terrain.ligne.methodes:
        answer = terrain.ask(enter(Client(), make_compte()), method, terrain.make_url(None))
        assert answer.status_code in LAISSE_ENTRER
        assert_no_canary(answer)


@of_kind("public")
def test_everybody(terrain: Terrain) -> None:
    url = "/compte/email/" if terrain.route.nom == "compte_absente" else terrain.make_url(None)
    for method in terrain.ligne.methodes:
        terrain.check_let_in(terrain.ask(Client(), method, url), f"{method} public")
        terrain.check_let_in(terrain.ask(enter(Client(), make_compte()), method, url), f"{method} compte")


@of_kind("lien")
def test_bearer_of_a_link(terrain: Terrain) -> None:
    for method in terrain.ligne.methodes:
        terrain.check_let_in(terrain.ask(Client(), method, terrain.make_url(None)), f"{method} lien")
        others = {
            "jeton": [
                "inconnu",
                create_lien(but="un.autre.but", cpts_id=terrain.ici.pk, objet_id=uuid4()),
                create_lien(but=terrain.route.acces.but, cpts_id=terrain.ici.pk, objet_id=uuid4(), expire_le=now()),
            ]
        }
        for jeton in others["jeton"]:
            kwargs = {"jeton": jeton}
            if set(terrain.route.arguments) - {"jeton"}:
                kwargs.update(OBJETS[terrain.route.nom](terrain.ici, None))
            answer = terrain.ask(Client(), method, reverse(terrain.route.nom, kwargs=kwargs))
            assert answer.status_code == 410


@of_kind("machine")
def test_machines_without_a_verified_certificate(terrain: Terrain) -> None:
    """Whoever asks from a browser, signed in or not, is refused in the words of the protocol."""
    people = [Client(), *(terrain.enter_as(name, terrain.ici)[0] for name in ROLES)]
    for client, method in zip(people, cycle(METHODES), strict=False):
        answer = client.generic(method, terrain.make_empty_url())
        assert (answer.status_code, answer["Content-Type"]) == (403, "application/fhir+json")
        assert_no_canary(answer)


@of_kind("roles", "connecte", "public", "lien")
def test_other_methods_and_forged_posts_are_refused(terrain: Terrain) -> None:
    if terrain.route.nom == "compte_absente":
        return
    client, membre = make_allowed(terrain)
    url = terrain.make_url(membre) if "jeton" in terrain.route.arguments else terrain.make_empty_url()
    for method in set(METHODES) - set(terrain.ligne.methodes):
        answer = client.generic(method, url)
        assert answer.status_code in ({404, 405} if terrain.ligne.reserve else {405}), method
    if "POST" in terrain.ligne.methodes:
        forged = Client(enforce_csrf_checks=True)
        forged.cookies = client.cookies
        assert forged.post(url).status_code == 403


def make_allowed(terrain: Terrain) -> tuple[Client, Membre | None]:
    """Somebody whom this line lets in."""
    qui = terrain.ligne.qui
    if isinstance(qui, tuple):
        return terrain.enter_as(qui[0], terrain.ici)
    return (enter(Client(), make_compte()), None) if qui == "connecte" else (Client(), None)


def test_patient_rooms_stay_closed(essai: Monde) -> None:
    """Until the operator has recorded the hosting and the AIPD, even for those who are let in afterwards."""
    Cpts.objects.filter(pk=essai.ici.pk).update(fictive=False)
    for ligne in NOTRES:
        if ligne.patients:
            terrain = Terrain(ligne, ROUTES[ligne.nom], essai)
            client, membre = make_allowed(terrain)
            for method in ligne.methodes:
                answer = terrain.ask(client, method, terrain.make_url(membre))
                assert answer.status_code == 403, ligne.nom
                assert "Cet espace est fermé" in answer.content.decode(), ligne.nom
