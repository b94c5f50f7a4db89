"""Walks the resolver, and reads the matrix."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.middleware import get_acces
from maillon.socle.droits.permissions import Acces, Porte

FICHIER = Path(__file__).with_name("matrice.yaml")
ROLES: dict[str, Role | RoleTerritorial] = {role.value: role for role in [*Role, *RoleTerritorial]}


@dataclass(frozen=True)
class Route:
    """One address of the resolver."""

    nom: str
    motif: str
    view: Callable[..., Any]
    arguments: tuple[str, ...]
    exemples: dict[str, Any] = field(default_factory=dict)

    @property
    def acces(self) -> Acces | None:
        return get_acces(self.view)

    @property
    def has_objet(self) -> bool:
        """Whether the address names a row, which belongs to one community; the number of a year names none."""
        return "<uuid:" in self.motif

    @property
    def is_bibliotheque(self) -> bool:
        return not hasattr(self.view, "acces")


@dataclass(frozen=True)
class Ligne:
    """One line of the matrix."""

    nom: str
    qui: str | tuple[str, ...]
    methodes: tuple[str, ...] = ("GET",)
    patients: bool = False
    reserve: bool = False
    donnees: dict[str, Any] = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[Role | RoleTerritorial]:
        return frozenset(ROLES[name] for name in self.qui) if isinstance(self.qui, tuple) else frozenset()


def make_exemple(converter: Any) -> Any:
    """A value that this part of an address accepts, and that names nothing."""
    return {"UUIDConverter": uuid4(), "IntConverter": 1}.get(type(converter).__name__, "x")


def walk(
    patterns: Any = None, prefix: str = "", arguments: dict[str, Any] | None = None, space: str = ""
) -> Iterator[Route]:
    """Every address of the resolver, named (`namespace:name`) or not."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        motif = prefix + str(pattern.pattern)
        converters = pattern.pattern.converters or dict.fromkeys(pattern.pattern.regex.groupindex)
        found = {**(arguments or {}), **{name: make_exemple(one) for name, one in converters.items()}}
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from walk(pattern.url_patterns, motif, found, inner)
        elif isinstance(pattern, URLPattern):
            nom = space + pattern.name if pattern.name else f"sans nom : {motif}"
            yield Route(nom, motif, pattern.callback, tuple(found), found)


def read_matrice() -> dict[str, Ligne]:
    """The lines of the matrix by name; an unknown key or role is an error."""
    lines = {}
    for name, values in yaml.safe_load(FICHIER.read_text(encoding="utf-8")).items():
        qui = values.pop("qui")
        methodes = tuple(values.pop("methodes", ("GET",)))
        lines[name] = Ligne(name, tuple(qui) if isinstance(qui, list) else qui, methodes, **values)
    return lines


def describe(acces: Acces | None) -> str | list[str]:
    """How the code's own mark is written in the matrix."""
    if acces is None:
        return "personne"
    if acces.porte is Porte.PERMISSION and acces.permission is not None:
        return [name for name, role in ROLES.items() if role in acces.permission.roles]
    return f"lien {acces.but}" if acces.porte is Porte.LIEN else acces.porte.value


def propose(route: Route) -> str:
    """The line to paste in the matrix for this address, as the code has it now."""
    acces = route.acces
    qui = "bibliotheque" if route.is_bibliotheque else describe(acces)
    shown = f"[{', '.join(qui)}]" if isinstance(qui, list) else qui
    patients = ", patients: true" if acces is not None and acces.patients else ""
    return f"{route.nom}: {{qui: {shown}, methodes: [GET, POST]{patients}}}"
