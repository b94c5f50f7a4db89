"""Every address × method × role, in one's own community and in another: the matrix, the code and the answers agree."""

import dis
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from acces.objets import CANARIS, LIENS, OBJETS
from acces.routes import ROLES, Ligne, Route, describe, propose, read_matrice, walk
from fabriques.droits import enter, make_agent, make_compte, make_cpts, make_membre
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Mission, Role
from maillon.socle.droits.middleware import AccesMiddleware, get_acces
from maillon.socle.droits.models import Membre
from maillon.socle.droits.permissions import Porte
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now

pytestmark = pytest.mark.acces

# The objects of each room stand in a file of their own.
for module in sorted(Path(__file__).parent.glob("objets_*.py")):
    import_module(f"acces.{module.stem}")

MATRICE = read_matrice()
ROUTES = {route.nom: route for route in walk()}
NOTRES = [ligne for ligne in MATRICE.values() if ligne.qui not in ("bibliotheque", "fermee")]
METHODES = ("GET", "POST", "PUT", "PATCH", "DELETE")
LAISSE_ENTRER = {200, 204, 302, 303, 400, 409, 410, 422, 429}
MOT = "Canaridailleurs"
EXEMPLES = {"uidb36": "1", "key": "x-y", "pk": "1"}
PORTE = AccesMiddleware(lambda request: HttpResponse())


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


@dataclass
class Monde:
    """Two communities, a person for each role in each of them; the other one holds recognisable rows."""

    ici: Cpts
    ailleurs: Cpts
    gens: dict[tuple[str, UUID], tuple[Client, Membre | None]] = field(default_factory=dict)
    porteurs: dict[tuple[str, UUID], tuple[Compte, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for cpts in (self.ici, self.ailleurs):
            self.settle(cpts)
        # Signed in with the password alone.
        self.sans_facteur = enter(Client(), make_membre(self.ici, Role.COORDINATION).compte, fort=False)

    def settle(self, cpts: Cpts) -> None:
        """A person for each role, signed in with two factors."""
        for name, role in ROLES.items():
            membre = None
            if isinstance(role, Role):
                membre = make_membre(cpts, role, mission=Mission.ACCES if role is Role.REFERENT_MISSION else "")
            compte = membre.compte if membre else make_agent(role).compte
            client = enter(Client(), compte)
            self.gens[name, cpts.pk] = client, membre
            self.porteurs[name, cpts.pk] = compte, client.session


@dataclass
class Terrain:
    """What is needed to ask for one address."""

    ligne: Ligne
    route: Route
    monde: Monde

    @property
    def ici(self) -> Cpts:
        return self.monde.ici

    @property
    def ailleurs(self) -> Cpts:
        return self.monde.ailleurs

    def enter_as(self, name: str, cpts: Cpts) -> tuple[Client, Membre | None]:
        """The person who holds this role there."""
        return self.monde.gens[name, cpts.pk]

    def make_empty_url(self) -> str:
        """An address that opens nothing in this community, for those who are stopped before anything is looked for."""
        slug = {"slug": self.ici.slug} if "slug" in self.route.arguments else {}
        return reverse(self.route.nom, kwargs={**self.route.exemples, **slug})

    @property
    def is_personal(self) -> bool:
        """Whether the object is made for the person who asks; else one serves everybody."""
        objet = OBJETS.get(self.route.nom)
        return objet is not None and any(
            step.argval == "membre" and step.opname.startswith("LOAD") for step in dis.get_instructions(objet)
        )

    def make_url(self, membre: Membre | None, *, slug: Cpts | None = None, objets: Cpts | None = None) -> str:
        """The address in this community, on an object made there (or in `objets`)."""
        cpts = objets or self.ici
        kwargs: dict[str, Any] = {}
        with use_cpts(cpts.pk):
            for name in self.route.arguments:
                if name == "slug":
                    kwargs["slug"] = (slug or self.ici).slug
                elif name == "jeton":
                    but = self.route.acces.but
                    kwargs["jeton"] = create_lien(but=but, cpts_id=cpts.pk, objet_id=LIENS[but](cpts))
            if set(self.route.arguments) - {"slug", "jeton"}:
                assert self.route.nom in OBJETS, f"tests/acces/objets.py ne sait pas faire l’objet de {self.route.nom}"
                kwargs.update(OBJETS[self.route.nom](cpts, membre))
        return reverse(self.route.nom, kwargs=kwargs)

    def ask(self, client: Client, method: str, url: str) -> Any:
        data = self.ligne.donnees if method == "POST" else None
        return client.generic(method, url) if data is None else client.post(url, data)

    def ask_door(self, name: str, cpts: Cpts, method: str, url: str) -> int:
        """What the door, and the view behind it, answer to this person, without what stands before."""
        data = self.ligne.donnees if method == "POST" else None
        request = RequestFactory().generic(method, url) if data is None else RequestFactory().post(url, data)
        request.user, request.session = self.monde.porteurs[name, cpts.pk]
        try:
            answer = PORTE.process_view(request, self.route.view, (), resolve(url).kwargs)
        except Http404:
            return 404
        return answer.status_code if answer is not None else 200

    def check_let_in(self, answer: Any, who: str) -> None:
        accepted = LAISSE_ENTRER | ({404} if self.ligne.reserve else set())
        assert answer.status_code in accepted, f"{who} : {answer.status_code}"
        if answer.status_code in (302, 303):
            assert not answer.url.startswith(("/compte/login/", "/compte/2fa/")) or self.route.nom == "invitation"
        assert_no_canary(answer)


def assert_no_canary(answer: Any) -> None:
    """Nothing of the other community appears in this answer."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert MOT.lower() not in body.decode(errors="ignore").lower()


@contextmanager
def undone() -> Iterator[None]:
    """What is written here is undone, so that the next one finds the same."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


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


@dataclass
class Refus:
    """Asks for what must be refused: by each method once through everything that stands before the door, which is the
    same for all, then at the door itself."""

    terrain: Terrain
    entieres: set[str] = field(default_factory=set)

    def __call__(self, name: str, cpts: Cpts, method: str, url: str, what: str) -> None:
        if method in self.entieres:
            status = self.terrain.ask_door(name, cpts, method, url)
        else:
            self.entieres.add(method)
            client, _ = self.terrain.enter_as(name, cpts)
            status = self.terrain.ask(client, method, url).status_code
        assert status == 404, f"{method} {name}{what} : {status}"


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
