"""The services of the desk."""

from .accords import AccordRecueilli, erase_sans_accord, plan_rappel, record_accord, refuse_accord
from .capacites import update_capacite
from .commun import LIEN_PROPOSITION, LIEN_REPONSE, LIEN_SUIVI
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
from .echeances import expire_propositions, forget_passages, give_orphans, refresh_priorites, remind
from .listes import (
    abandon_liste,
    choose_colonnes_attente,
    deposit_attente,
    fail_liste,
    forget_listes,
    run_examen,
)
from .listes_ecriture import apply_liste, ask_annulation_attente, ask_application_attente, undo_liste
from .partenaires import LIEN_PARTENAIRE, AccesDonne, give_acces, revoke_acces
from .propositions import accept_proposition, decline_proposition, propose_demande
from .qualification import plan_demande, qualify_demande
from .suites import close_demande, close_opposed, compute_empreinte, confirm_by_patient, erase_faits, reopen_demande

__all__ = [
    "LIEN_PARTENAIRE",
    "LIEN_PROPOSITION",
    "LIEN_REPONSE",
    "LIEN_SUIVI",
    "AccesDonne",
    "AccordRecueilli",
    "Depot",
    "FaitsSaisis",
    "abandon_liste",
    "accept_proposition",
    "apply_liste",
    "ask_annulation_attente",
    "ask_application_attente",
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
    "erase_faits",
    "erase_sans_accord",
    "expire_propositions",
    "fail_liste",
    "file_demande",
    "forget_listes",
    "forget_passages",
    "give_acces",
    "give_orphans",
    "hash_code",
    "is_guichet_ouvert",
    "plan_demande",
    "plan_rappel",
    "propose_demande",
    "qualify_demande",
    "read_cle",
    "record_accord",
    "refresh_priorites",
    "refuse_accord",
    "remind",
    "reopen_demande",
    "resume_demande",
    "revoke_acces",
    "run_examen",
    "undo_liste",
    "update_capacite",
]
