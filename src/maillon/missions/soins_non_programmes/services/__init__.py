"""The services of unscheduled care."""

# creneaux
# rendezvous
from .cascade import LIEN_HEURE, follow_appel, forget_acceptance, url_lien_heure
from .demandes import (
    FERME,
    SaisieDemande,
    answer_demande,
    ask_de_garde,
    ask_professionnels,
    cancel_demande,
    file_demande,
    get_reglages,
    lock_demande,
    reopen_demande,
)
from .effacement import close_demandes, close_rendez_vous, erase_demandes, erase_rendez_vous
from .heures import book_demande, confirm_demande, give_heure
from .messages import LIEN_RENDEZ_VOUS, follow_rendez_vous, remind_rendez_vous, url_lien
from .minute import seek_again, wake_demandes
from .reservation import book, confirm, expire_retenues, hold, override, release
from .suites_rendez_vous import cancel, compute_empreinte, move, record_venue, undo_cancel, undo_venue
from .verrous import enter, lock_creneau, lock_professionnels, lock_rendez_vous

__all__ = [
    "FERME",
    "LIEN_HEURE",
    "LIEN_RENDEZ_VOUS",
    "SaisieDemande",
    "answer_demande",
    "ask_de_garde",
    "ask_professionnels",
    "book",
    "book_demande",
    "cancel",
    "cancel_demande",
    "close_demandes",
    "close_rendez_vous",
    "compute_empreinte",
    "confirm",
    "confirm_demande",
    "enter",
    "erase_demandes",
    "erase_rendez_vous",
    "expire_retenues",
    "file_demande",
    "follow_appel",
    "follow_rendez_vous",
    "forget_acceptance",
    "get_reglages",
    "give_heure",
    "hold",
    "lock_creneau",
    "lock_demande",
    "lock_professionnels",
    "lock_rendez_vous",
    "move",
    "override",
    "record_venue",
    "release",
    "remind_rendez_vous",
    "reopen_demande",
    "seek_again",
    "undo_cancel",
    "undo_venue",
    "url_lien",
    "url_lien_heure",
    "wake_demandes",
]
