"""The services of the desk."""

from .annulations import undo_reponse_patient
from .appels import cancel_appel, record_appel
from .capacites import update_capacite
from .commun import JOURS_AVANT_RAPPEL, JOURS_REPONSE_MEDECIN, LIEN_REPONSE, LIEN_SUIVI, lock
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
from .equipe import add_equipier, end_equipier, review_equipe
from .lot import plan_lot
from .nouvelles import (
    LIEN_NOUVELLES,
    ask_suites,
    end_suivi,
    record_bilan,
    record_declaration,
    record_premier_rdv,
    resume_suivi,
)
from .priorites import adopt_poids, force_priorite, release_priorite
from .propositions import accept_proposition, decline_proposition, find_disponibles, follow_appel, propose_demande
from .qualification import plan_demande, qualify_demande
from .suites import close_demande, close_opposed, compute_empreinte, confirm_by_patient, erase_faits, reopen_demande
from .taches import add_tache, end_tache, give_taches, resume_tache

__all__ = [
    "JOURS_AVANT_RAPPEL",
    "JOURS_REPONSE_MEDECIN",
    "LIEN_NOUVELLES",
    "LIEN_REPONSE",
    "LIEN_SUIVI",
    "Depot",
    "FaitsSaisis",
    "accept_proposition",
    "add_equipier",
    "add_tache",
    "adopt_poids",
    "ask_suites",
    "cancel_appel",
    "close_demande",
    "close_opposed",
    "compute_empreinte",
    "confirm_by_patient",
    "correct_telephone",
    "count_passage",
    "create_lien_suivi",
    "decline_proposition",
    "end_equipier",
    "end_suivi",
    "end_tache",
    "erase_faits",
    "file_demande",
    "find_disponibles",
    "follow_appel",
    "force_priorite",
    "forget_passages",
    "give_orphans",
    "give_taches",
    "hash_code",
    "is_guichet_ouvert",
    "lock",
    "plan_demande",
    "plan_lot",
    "propose_demande",
    "qualify_demande",
    "read_cle",
    "record_appel",
    "record_bilan",
    "record_declaration",
    "record_premier_rdv",
    "refresh_priorites",
    "release_priorite",
    "remind",
    "reopen_demande",
    "resume_suivi",
    "resume_tache",
    "review_equipe",
    "undo_reponse_patient",
    "update_capacite",
]
