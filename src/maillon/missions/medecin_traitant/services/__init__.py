"""The services of the desk."""

from .campagnes import (
    LIEN_PLACES,
    close_campagne,
    create_lien_places,
    launch_campagne,
    record_appel_recensement,
    remind_campagne,
    send_campagne,
)
from .capacites import confirm_capacite, resume_capacite, stop_capacite, update_capacite
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
from .offre import (
    SaisieMouvement,
    SaisieRenfort,
    apply_departs,
    cancel_mouvement,
    end_renfort,
    record_mouvement,
    record_renfort,
    restore_mouvement,
    resume_renfort,
)
from .propositions import accept_proposition, decline_proposition, find_disponibles, follow_appel, propose_demande
from .qualification import plan_demande, qualify_demande
from .suites import close_demande, close_opposed, compute_empreinte, confirm_by_patient, erase_faits, reopen_demande

__all__ = [
    "JOURS_AVANT_RAPPEL",
    "LIEN_PLACES",
    "LIEN_REPONSE",
    "LIEN_SUIVI",
    "Depot",
    "FaitsSaisis",
    "SaisieMouvement",
    "SaisieRenfort",
    "accept_proposition",
    "apply_departs",
    "cancel_mouvement",
    "close_campagne",
    "close_demande",
    "close_opposed",
    "compute_empreinte",
    "confirm_by_patient",
    "confirm_capacite",
    "correct_telephone",
    "count_passage",
    "create_lien_places",
    "create_lien_suivi",
    "decline_proposition",
    "end_renfort",
    "erase_faits",
    "file_demande",
    "find_disponibles",
    "follow_appel",
    "forget_passages",
    "give_orphans",
    "hash_code",
    "is_guichet_ouvert",
    "launch_campagne",
    "lock",
    "plan_demande",
    "propose_demande",
    "qualify_demande",
    "read_cle",
    "record_appel_recensement",
    "record_mouvement",
    "record_renfort",
    "refresh_priorites",
    "remind",
    "remind_campagne",
    "reopen_demande",
    "restore_mouvement",
    "resume_capacite",
    "resume_renfort",
    "send_campagne",
    "stop_capacite",
    "update_capacite",
]
