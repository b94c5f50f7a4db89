"""What changes a pack: asking, making, sending, and the table of the CPAM."""

from .demandes import request_dossier, retry_dossier, transmit_dossier
from .modeles import link_places, remove_modele, store_modele
from .production import fail_dossier, finish_dossier, freeze_matiere, list_genres, produce_piece

__all__ = [
    "fail_dossier",
    "finish_dossier",
    "freeze_matiere",
    "link_places",
    "list_genres",
    "produce_piece",
    "remove_modele",
    "request_dossier",
    "retry_dossier",
    "store_modele",
    "transmit_dossier",
]
