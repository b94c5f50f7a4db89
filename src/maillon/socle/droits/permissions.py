"""Permissions are declared data; a view says which one opens it.

Each app declares its own in `permissions.py`:

    QUALIFIER = Permission("medecin_traitant.qualifier", "Qualifier une demande", {Role.INTERLOCUTEUR_SOCIAL, …})

and each view is opened by exactly one of `acces`, `acces_public`, `acces_connecte`, `acces_lien`.
A view without one is refused by the middleware and fails the access matrix test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from .enums import Role, RoleTerritorial

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class Permission:
    code: str
    libelle: str
    roles: frozenset[Role | RoleTerritorial] = field(default_factory=frozenset)

    registre: ClassVar[dict[str, "Permission"]] = {}

    def __init__(self, code: str, libelle: str, roles: set[Any] | frozenset[Any]) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "libelle", libelle)
        object.__setattr__(self, "roles", frozenset(roles))
        self.registre[code] = self

    @classmethod
    def get(cls, code: str) -> "Permission":
        return cls.registre[code]


class Porte(StrEnum):
    """How a view is opened."""

    PUBLIC = "public"
    CONNECTE = "connecte"
    PERMISSION = "permission"
    LIEN = "lien"


@dataclass(frozen=True, slots=True)
class Acces:
    porte: Porte
    permission: Permission | None = None
    but: str = ""
    fort: bool = True


def _open(view: View, acces: Acces) -> View:
    view.acces = acces  # type: ignore[attr-defined]
    return view


def acces(permission: Permission) -> Callable[[View], View]:
    """Open to the roles of the permission, signed in with two factors. Others get 404."""
    return lambda view: _open(view, Acces(Porte.PERMISSION, permission))


def acces_public(view: View) -> View:
    """Open to everybody; with a community's slug in the address, inside that community."""
    return _open(view, Acces(Porte.PUBLIC, fort=False))


def acces_connecte(view: View) -> View:
    """Open to every signed-in account, with two factors."""
    return _open(view, Acces(Porte.CONNECTE))


def acces_lien(but: str) -> Callable[[View], View]:
    """Open to the bearer of a signed link made for this purpose (`jeton` in the address)."""
    return lambda view: _open(view, Acces(Porte.LIEN, but=but, fort=False))
