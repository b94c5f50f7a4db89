"""What an app shows on the rail and on home pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ..droits.acteur import Acteur
from ..droits.permissions import Permission


@dataclass(frozen=True, slots=True)
class EntreeMenu:
    """A line of the left rail. `url_name` takes the slug when `de_cpts`; `court` is the word of the bottom bar.

    `sous` names the entry (its `url_name`) under which this one is a tab rather than a line: both pages, and the other
    tabs, then show the same tabs. Who may not open that entry gets this one as a line.
    """

    libelle: str
    url_name: str
    icone: str
    rubrique: str
    permission: Permission | None = None
    ordre: int = 100
    telephone: bool = False
    de_cpts: bool = True
    court: str = ""
    sous: str = ""


@dataclass(frozen=True, slots=True)
class Alerte:
    """A sentence of somebody's home page: someone waits, something expires, something lacks evidence.

    `colonne` is one of `attend`, `expire`, `preuve`.
    """

    colonne: str
    phrase: str
    url: str
    nombre: int = 1
    le: datetime | date | None = None
    urgente: bool = False


@dataclass(frozen=True, slots=True)
class SourceAlertes:
    """Where home pages pull their sentences: `alertes(cpts_id, acteur, now)`; constant queries."""

    alertes: Callable[[UUID, Acteur, datetime], list[Alerte]]
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class AlertesTerritoire:
    """Where the home of the CPAM and the ARS pulls its sentences: `alertes(acteur, now)`; constant queries over what is
    published of the communities of the territory."""

    alertes: Callable[[Acteur, datetime], list[Alerte]]
    permission: Permission
