"""Who asks for an address, in a world of two communities, and what they may be answered."""

import dis
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from acces.objets import LIENS, OBJETS
from acces.routes import ROLES, Ligne, Route, read_matrice, walk
from fabriques.droits import enter, make_agent, make_membre
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Mission, Role
from maillon.socle.droits.middleware import AccesMiddleware
from maillon.socle.droits.models import Membre
from maillon.socle.droits.services import create_lien

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


@cache
def read_kwargs(url: str) -> dict[str, Any]:
    """What the resolver reads in this address; many ask for the same."""
    return resolve(url).kwargs


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
            answer = PORTE.process_view(request, self.route.view, (), dict(read_kwargs(url)))
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
