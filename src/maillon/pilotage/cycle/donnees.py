"""A milestone as plain data: what services take from a form or a demonstration."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.pilotage.contrats.donnees import Piece

from .enums import NatureJalon, Organisme, Partie


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesSignature:
    partie: Partie
    nom: str
    qualite: str
    le: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesJalon:
    """What happened. `libelle` and `note` name no person; `organisme` is guessed from the nature when not given."""

    nature: NatureJalon
    le: date
    organisme: Organisme | None = None
    libelle: str = ""
    note: str = ""
    montant: Decimal | None = None
    jusqu_a: date | None = None
    piece: Piece | None = None
    signatures: tuple[DonneesSignature, ...] = ()
