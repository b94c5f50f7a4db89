"""The services of the desk."""

from .capacites import update_capacite
from .commun import JOURS_AVANT_RAPPEL, LIEN_REPONSE, LIEN_SUIVI, lock
from .contact import correct_telephone
from .depot import (
    Depot,
    FaitsSaisis,
    count_passage,
    create_lien_suivi,
    file_demande,
    hash_code,
    is_guichet_ouvert,
    read_cle,
)
from .echeances import forget_passages, give_orphans, refresh_priorites, remind
from .propositions import accept_proposition, decline_proposition, find_disponibles, follow_appel, propose_demande
from .qualification import plan_demande, qualify_demande
from .suites import close_demande, close_opposed, compute_empreinte, confirm_by_patient, erase_faits, reopen_demande

__all__ = [
    "JOURS_AVANT_RAPPEL",
    "LIEN_REPONSE",
    "LIEN_SUIVI",
    "Depot",
    "FaitsSaisis",
    "accept_proposition",
    "close_demande",
    "close_opposed",
    "compute_empreinte",
    "confirm_by_patient",
    "correct_telephone",
    "count_passage",
    "create_lien_suivi",
    "decline_proposition",
    "erase_faits",
    "file_demande",
    "find_disponibles",
    "follow_appel",
    "forget_passages",
    "give_orphans",
    "hash_code",
    "is_guichet_ouvert",
    "lock",
    "plan_demande",
    "propose_demande",
    "qualify_demande",
    "read_cle",
    "refresh_priorites",
    "remind",
    "reopen_demande",
    "update_capacite",
]
