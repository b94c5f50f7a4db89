"""Plain values that forms and the demonstration hand to services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.structures.models import Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesAction:
    """A fiche-action as somebody enters it."""

    titre: str
    mission: str
    debut: date
    fin: date | None = None
    objectif: str = ""
    indicateur: str = ""
    responsable: Personne | None = None
    groupe: Groupe | None = None
    montant_prevu: Decimal | None = None
    partenaires: Sequence[Structure] = ()
