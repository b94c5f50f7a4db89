"""Plain values that forms and imports hand to services."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.communaute.actions.models import Action

from .enums import SensOperation
from .models import LigneBudget


@dataclass(frozen=True, slots=True)
class DonneesOperation:
    """An operation as somebody enters it; without `reference`, the next one is given."""

    le: date
    poste: str
    categorie: str
    libelle: str
    montant: Decimal
    sens: str = SensOperation.DEPENSE.value
    tiers: str = ""
    ligne: LigneBudget | None = None
    reference: str = ""
    recurrente: bool = False
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class DonneesSerie:
    """A monthly spending as somebody enters it."""

    poste: str
    categorie: str
    libelle: str
    montant: Decimal
    jour: int
    du: date
    au: date
    tiers: str = ""
