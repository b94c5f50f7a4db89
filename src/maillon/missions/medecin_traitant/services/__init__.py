"""The services of the desk."""

from .calcul_repartition import apply_rule, compute_repartition, fail_repartition, read_matiere, write_calcul
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
from .effacement_repartition import forget_lignes
from .envoi_repartition import send_lot
from .propositions import accept_proposition, decline_proposition, find_disponibles, follow_appel, propose_demande
from .qualification import plan_demande, qualify_demande
from .repartitions import (
    abandon_repartition,
    change_ligne,
    keep_ligne,
    launch_repartition,
    recompute_repartition,
    remove_ligne,
    restore_ligne,
    send_repartition,
)
from .suites import close_demande, close_opposed, compute_empreinte, confirm_by_patient, erase_faits, reopen_demande

__all__ = [
    "JOURS_AVANT_RAPPEL",
    "LIEN_REPONSE",
    "LIEN_SUIVI",
    "Depot",
    "FaitsSaisis",
    "abandon_repartition",
    "accept_proposition",
    "apply_rule",
    "change_ligne",
    "close_demande",
    "close_opposed",
    "compute_empreinte",
    "compute_repartition",
    "confirm_by_patient",
    "correct_telephone",
    "count_passage",
    "create_lien_suivi",
    "decline_proposition",
    "erase_faits",
    "fail_repartition",
    "file_demande",
    "find_disponibles",
    "follow_appel",
    "forget_lignes",
    "forget_passages",
    "give_orphans",
    "hash_code",
    "is_guichet_ouvert",
    "keep_ligne",
    "launch_repartition",
    "lock",
    "plan_demande",
    "propose_demande",
    "qualify_demande",
    "read_cle",
    "read_matiere",
    "recompute_repartition",
    "refresh_priorites",
    "remind",
    "remove_ligne",
    "reopen_demande",
    "restore_ligne",
    "send_lot",
    "send_repartition",
    "update_capacite",
    "write_calcul",
]
