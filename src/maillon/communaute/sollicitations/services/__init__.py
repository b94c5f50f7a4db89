"""Open a call, answer, let time pass."""

from .absences import cancel_absence, declare_absence
from .appels import Cible, close_appel, cut_vagues, hasten, release, settle, solicit, withdraw
from .commun import LIEN_SOLLICITATION, create_lien_sollicitation
from .echeances import expire, remind
from .reponses import accept, decline, take_back, undo_answer, undo_decline

__all__ = [
    "LIEN_SOLLICITATION",
    "Cible",
    "accept",
    "cancel_absence",
    "close_appel",
    "create_lien_sollicitation",
    "cut_vagues",
    "declare_absence",
    "decline",
    "expire",
    "hasten",
    "release",
    "remind",
    "settle",
    "solicit",
    "take_back",
    "undo_answer",
    "undo_decline",
    "withdraw",
]
