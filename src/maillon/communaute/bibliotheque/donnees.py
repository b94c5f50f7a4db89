"""Plain values that forms and other apps hand to services."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .enums import NatureDocument, Portee


class Piece(NamedTuple):
    """A document as it is received: its name and its content, checked by `store_fichier`."""

    nom: str
    contenu: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesDocument:
    """What is said of a document; an empty `mission` is the association's life."""

    titre: str
    nature: str = NatureDocument.AUTRE.value
    mission: str = ""
    portee: str = Portee.MEMBRES.value
    conserver_jusqu_a: date | None = None
