"""The services of unscheduled care."""

# creneaux
# rendezvous
from .acceptations import LIEN_HEURE, forget_acceptance
from .appels import ask_de_garde, ask_professionnels
from .cascade import follow_appel, url_lien_heure
from .creneaux import follow_occupations, refresh_occupations, restore_creneau, withdraw_creneau
from .demandes import lock_demande
from .depots import FERME, SaisieDemande, file_demande
from .effacement import close_demandes, close_rendez_vous, erase_demandes, erase_rendez_vous
from .expres import open_places, save_habitude, take_habitude
from .heures import book_demande, confirm_demande, give_heure
from .lieux import close_lieu, save_lieu, take_lieux
from .matin import LIEN_PLACES, ask_matin
from .messages import LIEN_RENDEZ_VOUS, follow_rendez_vous, is_prevenue, remind_rendez_vous, url_lien
from .minute import seek_again, wake_demandes
from .plages import Bilan, Saisie, check_jours, fill_plages, open_plage
from .prevenus import Annulations, cancel_chutes, note_prevenu
from .reglages import save_reglages
from .reponses import answer_demande, cancel_demande, reopen_demande
from .reservation import TROP_DE_RETENUES, book, confirm, expire_retenues, hold, override, release
from .retraits import Retrait, restore_jour, restore_plage, withdraw_jour, withdraw_plage
from .suites_rendez_vous import AVANCE, cancel, compute_empreinte, move, record_venue, undo_cancel, undo_venue
from .verrous import enter, lock_creneau, lock_professionnels, lock_rendez_vous

__all__ = [
    "AVANCE",
    "FERME",
    "LIEN_HEURE",
    "LIEN_PLACES",
    "LIEN_RENDEZ_VOUS",
    "TROP_DE_RETENUES",
    "Annulations",
    "Bilan",
    "Retrait",
    "Saisie",
    "SaisieDemande",
    "answer_demande",
    "ask_de_garde",
    "ask_matin",
    "ask_professionnels",
    "book",
    "book_demande",
    "cancel",
    "cancel_chutes",
    "cancel_demande",
    "check_jours",
    "close_demandes",
    "close_lieu",
    "close_rendez_vous",
    "compute_empreinte",
    "confirm",
    "confirm_demande",
    "enter",
    "erase_demandes",
    "erase_rendez_vous",
    "expire_retenues",
    "file_demande",
    "fill_plages",
    "follow_appel",
    "follow_occupations",
    "follow_rendez_vous",
    "forget_acceptance",
    "give_heure",
    "hold",
    "is_prevenue",
    "lock_creneau",
    "lock_demande",
    "lock_professionnels",
    "lock_rendez_vous",
    "move",
    "note_prevenu",
    "open_places",
    "open_plage",
    "override",
    "record_venue",
    "refresh_occupations",
    "release",
    "remind_rendez_vous",
    "reopen_demande",
    "restore_creneau",
    "restore_jour",
    "restore_plage",
    "save_habitude",
    "save_lieu",
    "save_reglages",
    "seek_again",
    "take_habitude",
    "take_lieux",
    "undo_cancel",
    "undo_venue",
    "url_lien",
    "url_lien_heure",
    "wake_demandes",
    "withdraw_creneau",
    "withdraw_jour",
    "withdraw_plage",
]
