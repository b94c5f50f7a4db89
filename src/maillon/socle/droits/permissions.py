"""Permissions are declared data; a view says which one opens it.

Each app declares its own in `permissions.py`:

    QUALIFIER = Permission("medecin_traitant.qualifier", "Qualifier une demande", {Role.INTERLOCUTEUR_SOCIAL, …})

and each view is opened by exactly one of `acces`, `acces_public`, `acces_connecte`, `acces_lien`, `acces_machine`.
A view without one is refused by the middleware and fails the access matrix test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, overload

from django.http import HttpRequest, HttpResponse

from .enums import Role, RoleTerritorial

if TYPE_CHECKING:
    from .acteur import Acteur

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
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Machine:
    """How a service of another organisation is known. `identifie` gives its actor, or the answer that refuses it,
    without a query; `echoue` answers an exception of the view in the words of its protocol, its transaction undone."""

    identifie: "Callable[[HttpRequest], Acteur | HttpResponse]"
    echoue: Callable[[HttpRequest, Exception], HttpResponse]


@dataclass(frozen=True, slots=True)
class Acces:
    porte: Porte
    permission: Permission | None = None
    but: str = ""
    fort: bool = True
    patients: bool = False
    machine: Machine | None = None


def _open(view: View, acces: Acces) -> View:
    view.acces = acces  # type: ignore[attr-defined]
    return view


def acces(permission: Permission, *, patients: bool = False) -> Callable[[View], View]:
    """Open to the roles of the permission, signed in with two factors. Others get 404.

    With `patients=True` the view belongs to a room that holds patients: it stays closed (403, with the reason) until
    the operator has recorded the hosting and the AIPD of the community.
    """
    return lambda view: _open(view, Acces(Porte.PERMISSION, permission, patients=patients))


@overload
def acces_public(view: View) -> View: ...
@overload
def acces_public(view: None = None, *, patients: bool) -> Callable[[View], View]: ...
def acces_public(view: View | None = None, *, patients: bool = False) -> View | Callable[[View], View]:
    """Open to everybody; with a community's slug in the address, inside that community.

    `@acces_public`, or `@acces_public(patients=True)` for the public form of a room that holds patients.
    """
    mark = Acces(Porte.PUBLIC, fort=False, patients=patients)
    if view is not None:
        return _open(view, mark)
    return lambda later: _open(later, mark)


def acces_connecte(view: View) -> View:
    """Open to every signed-in account, with two factors."""
    return _open(view, Acces(Porte.CONNECTE))


def acces_lien(but: str, *, patients: bool = False) -> Callable[[View], View]:
    """Open to the bearer of a signed link made for this purpose (`jeton` in the address)."""
    return lambda view: _open(view, Acces(Porte.LIEN, but=but, fort=False, patients=patients))


def acces_machine(machine: Machine) -> Callable[[View], View]:
    """Open to a service of another organisation that `machine` knows, without session nor cookie, so without CSRF."""

    def mark(view: View) -> View:
        view.csrf_exempt = True  # type: ignore[attr-defined]
        return _open(view, Acces(Porte.MACHINE, fort=False, machine=machine))

    return mark


GERER_ACCES = Permission(
    "droits.gerer_acces",
    "Inviter des personnes, donner et retirer leurs rôles, fermer leur accès",
    {Role.COORDINATION, Role.PRESIDENT},
)
