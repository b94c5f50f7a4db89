"""What an app adds to the sheets of others: an action, a person, a partner, a professional."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ..droits.acteur import Acteur
from ..droits.permissions import Permission


@dataclass(frozen=True, slots=True)
class ElementAction:
    """Something that hangs on a fiche-action: a meeting, a spending, a document. `montant` in euros."""

    le: date
    libelle: str
    detail: str = ""
    montant: Decimal | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class SourceElementsAction:
    """What an app hangs on actions: `elements(cpts_id, action_id, acteur)` in order of date, only what the actor may
    see; constant queries."""

    code: str
    libelle: str
    elements: Callable[[UUID, UUID, Acteur], list[ElementAction]]


@dataclass(frozen=True, slots=True)
class ElementPersonne:
    """A line of a person's sheet: a membership, a mandate, a meeting attended. `etat` is a word shown as a state, under
    one of the tones of the interface (`bien`, `attente`, `alerte`, `cours`, `neutre`)."""

    le: date
    libelle: str
    detail: str = ""
    montant: Decimal | None = None
    url: str = ""
    etat: str = ""
    ton: str = "neutre"


@dataclass(frozen=True, slots=True)
class SourceElementsPersonne:
    """What an app shows on a person's sheet: `elements(cpts_id, personne_id, acteur)`, the latest first, only what the
    actor may see; constant queries."""

    code: str
    libelle: str
    elements: Callable[[UUID, UUID, Acteur], list[ElementPersonne]]


@dataclass(frozen=True, slots=True)
class SourceElementsPartenaire:
    """A section of a partner's sheet: `elements(cpts_id, structure_id, acteur)`, and where to add one (`ajouter(slug,
    structure_id)`), shown to who holds the permission."""

    code: str
    libelle: str
    elements: Callable[[UUID, UUID, Acteur], list[ElementPersonne]]
    ajouter: Callable[[str, UUID], str]
    ajouter_libelle: str
    vide: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class SourceAdherents:
    """Who belongs to a community, for the directory below: `adherents(cpts_id, on)` selects the keys of professionals;
    `inviter(slug, rpps)` and `fiche(slug, cpts_id, professionnel_id)` are where one is invited, and the sheet of one
    who is known (empty for nobody)."""

    adherents: Callable[[UUID, date], QuerySet[Any]]
    inviter: Callable[[str, str], str]
    fiche: Callable[[str, UUID, UUID], str]


@dataclass(frozen=True, slots=True)
class SuiteInvitation:
    """What an app does when an account is invited to a community: `fait(membre, by)`, in the same transaction."""

    fait: Callable[[Any, Acteur], None]
