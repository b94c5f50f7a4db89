"""What somebody declares, as plain data."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.communaute.actions.models import Action
from maillon.pilotage.contrats.donnees import Piece

from .enums import Fonction, GenreFrais


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesDeclaration:
    """A participation. `reference` comes with the form: sent twice, it is one. `employeur`: on salaried time."""

    le: date
    heures: Decimal
    mission: str
    libelle: str
    fonction: str = Fonction.PARTICIPANT
    action: Action | None = None
    employeur: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesFrais:
    """An expense: kilometres, or an amount with its receipt."""

    le: date
    genre: GenreFrais
    mission: str
    libelle: str
    montant: Decimal | None = None
    kilometres: Decimal | None = None
    justificatif: Piece | None = None
    action: Action | None = None
    reference: str = ""
