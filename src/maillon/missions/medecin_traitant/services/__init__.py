"""The services of the desk."""

from .accords import AccordRecueilli, erase_sans_accord, plan_rappel, record_accord, refuse_accord
from .annulations import undo_reponse_patient
from .appels import cancel_appel, record_appel
from .capacites import update_capacite
from .commun import JOURS_AVANT_RAPPEL, LIEN_REPONSE, LIEN_SUIVI, lock
from .contact import correct_contact, correct_situation, resume_demande
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
from .listes import (
    abandon_liste,
    choose_colonnes_attente,
    deposit_attente,
    fail_liste,
    forget_listes,
    run_examen,
)
from .listes_ecriture import apply_liste, ask_annulation_attente, ask_application_attente, undo_liste
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
from .partenaires import LIEN_PARTENAIRE, AccesDonne, give_acces, revoke_acces
from .priorites import adopt_poids, force_priorite, release_priorite
from .propositions import accept_proposition, decline_proposition, find_disponibles, follow_appel, propose_demande
from .qualification import plan_demande, qualify_demande
from .suites import close_demande, close_opposed, compute_empreinte, confirm_by_patient, erase_faits, reopen_demande
from .taches import add_tache, end_tache, give_taches, resume_tache

__all__ = [
    "JOURS_AVANT_RAPPEL",
    "LIEN_NOUVELLES",
    "LIEN_PARTENAIRE",
    "LIEN_REPONSE",
    "LIEN_SUIVI",
    "AccesDonne",
    "AccordRecueilli",
    "Depot",
    "FaitsSaisis",
    "abandon_liste",
    "accept_proposition",
    "add_equipier",
    "add_tache",
    "adopt_poids",
    "apply_liste",
    "ask_annulation_attente",
    "ask_application_attente",
    "ask_suites",
    "cancel_appel",
    "choose_colonnes_attente",
    "close_demande",
    "close_opposed",
    "compute_empreinte",
    "confirm_by_patient",
    "correct_contact",
    "correct_situation",
    "count_passage",
    "create_lien_suivi",
    "decline_proposition",
    "deposit_attente",
    "end_equipier",
    "end_suivi",
    "end_tache",
    "erase_faits",
    "erase_sans_accord",
    "fail_liste",
    "file_demande",
    "find_disponibles",
    "follow_appel",
    "force_priorite",
    "forget_listes",
    "forget_passages",
    "give_acces",
    "give_orphans",
    "give_taches",
    "hash_code",
    "is_guichet_ouvert",
    "lock",
    "plan_demande",
    "plan_lot",
    "plan_rappel",
    "propose_demande",
    "qualify_demande",
    "read_cle",
    "record_accord",
    "record_appel",
    "record_bilan",
    "record_declaration",
    "record_premier_rdv",
    "refresh_priorites",
    "refuse_accord",
    "release_priorite",
    "remind",
    "reopen_demande",
    "resume_demande",
    "resume_suivi",
    "resume_tache",
    "review_equipe",
    "revoke_acces",
    "run_examen",
    "undo_liste",
    "undo_reponse_patient",
    "update_capacite",
]
