"""The services of unscheduled care."""

# creneaux
from .creneaux import follow_occupations, refresh_occupations, restore_creneau, withdraw_creneau
from .expres import open_places, save_habitude, take_habitude
from .lieux import close_lieu, save_lieu, take_lieux
from .matin import LIEN_PLACES, ask_matin
from .plages import Bilan, Saisie, fill_plages, open_plage
from .reglages import save_reglages
from .reservation import book, confirm, expire_retenues, hold, override, release
from .retraits import Retrait, restore_jour, restore_plage, withdraw_jour, withdraw_plage
from .suites_rendez_vous import cancel, compute_empreinte, move, record_venue, undo_cancel, undo_venue
from .verrous import enter, lock_creneau, lock_professionnels, lock_rendez_vous

__all__ = [
    "LIEN_PLACES",
    "Bilan",
    "Retrait",
    "Saisie",
    "ask_matin",
    "book",
    "cancel",
    "close_lieu",
    "compute_empreinte",
    "confirm",
    "enter",
    "expire_retenues",
    "fill_plages",
    "follow_occupations",
    "hold",
    "lock_creneau",
    "lock_professionnels",
    "lock_rendez_vous",
    "move",
    "open_places",
    "open_plage",
    "override",
    "record_venue",
    "refresh_occupations",
    "release",
    "restore_creneau",
    "restore_jour",
    "restore_plage",
    "save_habitude",
    "save_lieu",
    "save_reglages",
    "take_habitude",
    "take_lieux",
    "undo_cancel",
    "undo_venue",
    "withdraw_creneau",
    "withdraw_jour",
    "withdraw_plage",
]
