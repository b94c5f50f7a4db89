"""Documents of the library: build inside `use_cpts`, with a MEDIA_ROOT of the test."""

from typing import Any

from maillon.communaute.bibliotheque.donnees import DonneesDocument, Piece
from maillon.communaute.bibliotheque.models import Document
from maillon.communaute.bibliotheque.services import add_document
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME

PDF = b"%PDF-1.7 statuts"


def make_document(cpts: Cpts, *, contenu: bytes = PDF, nom: str = "statuts.pdf", **champs: Any) -> Document:
    """The statutes, for every member."""
    donnees = DonneesDocument(**{"titre": "Statuts de l’association", "nature": "statuts", **champs})
    return add_document(cpts_id=cpts.pk, donnees=donnees, piece=Piece(nom, contenu), by=SYSTEME)
