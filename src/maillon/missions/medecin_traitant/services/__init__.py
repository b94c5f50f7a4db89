"""The services of the desk."""

from .accords import (
    AccordRecueilli,
    erase_sans_accord,
    plan_rappel,
    record_accord,
    refuse_accord,
)
from .annulations import (
    undo_reponse_patient,
)
from .appels import (
    cancel_appel,
    record_appel,
)
from .calcul_repartition import (
    apply_rule,
    compute_repartition,
    fail_repartition,
    read_matiere,
    write_calcul,
)
from .campagnes import (
    LIEN_PLACES,
    close_campagne,
    create_lien_places,
    launch_campagne,
    record_appel_recensement,
    remind_campagne,
    send_campagne,
)
from .capacites import (
    confirm_capacite,
    resume_capacite,
    stop_capacite,
    update_capacite,
)
from .commun import (
    JOURS_AVANT_RAPPEL,
    JOURS_REPONSE_MEDECIN,
    LIEN_REPONSE,
    LIEN_SUIVI,
    lock,
)
from .contact import (
    correct_contact,
    correct_situation,
    resume_demande,
)
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
from .echeances import (
    forget_passages,
    give_orphans,
    refresh_priorites,
    remind,
)
from .effacement_repartition import (
    forget_lignes,
)
from .envoi_repartition import (
    send_lot,
)
from .equipe import (
    add_equipier,
    end_equipier,
    review_equipe,
)
from .listes import (
    abandon_liste,
    choose_colonnes_attente,
    deposit_attente,
    fail_liste,
    forget_listes,
    run_examen,
)
from .listes_ecriture import (
    apply_liste,
    ask_annulation_attente,
    ask_application_attente,
    undo_liste,
)
from .lot import (
    plan_lot,
)
from .nouvelles import (
    LIEN_NOUVELLES,
    ask_suites,
    declare_by_medecin,
    end_suivi,
    record_bilan,
    record_declaration,
    record_premier_rdv,
    resume_suivi,
)
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
from .partenaires import (
    LIEN_PARTENAIRE,
    AccesDonne,
    give_acces,
    revoke_acces,
)
from .priorites import (
    adopt_poids,
    force_priorite,
    release_priorite,
)
from .propositions import (
    accept_proposition,
    decline_proposition,
    find_disponibles,
    follow_appel,
    propose_demande,
)
from .qualification import (
    plan_demande,
    qualify_demande,
)
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
from .reponses_medecins import record_reponse_medecin, undo_reponse_medecin
from .suites import (
    close_demande,
    close_opposed,
    compute_empreinte,
    confirm_by_patient,
    erase_faits,
    reopen_demande,
)
from .taches import (
    add_tache,
    end_tache,
    give_taches,
    note_double,
    resume_tache,
)

__all__ = [
    "JOURS_AVANT_RAPPEL",
    "JOURS_REPONSE_MEDECIN",
    "LIEN_NOUVELLES",
    "LIEN_PARTENAIRE",
    "LIEN_PLACES",
    "LIEN_REPONSE",
    "LIEN_SUIVI",
    "AccesDonne",
    "AccordRecueilli",
    "Depot",
    "FaitsSaisis",
    "SaisieMouvement",
    "SaisieRenfort",
    "abandon_liste",
    "abandon_repartition",
    "accept_proposition",
    "add_equipier",
    "add_tache",
    "adopt_poids",
    "apply_departs",
    "apply_liste",
    "apply_rule",
    "ask_annulation_attente",
    "ask_application_attente",
    "ask_suites",
    "cancel_appel",
    "cancel_mouvement",
    "change_ligne",
    "choose_colonnes_attente",
    "close_campagne",
    "close_demande",
    "close_opposed",
    "compute_empreinte",
    "compute_repartition",
    "confirm_by_patient",
    "confirm_capacite",
    "correct_contact",
    "correct_situation",
    "count_passage",
    "create_lien_places",
    "create_lien_suivi",
    "declare_by_medecin",
    "decline_proposition",
    "deposit_attente",
    "end_equipier",
    "end_renfort",
    "end_suivi",
    "end_tache",
    "erase_faits",
    "erase_sans_accord",
    "fail_liste",
    "fail_repartition",
    "file_demande",
    "find_disponibles",
    "follow_appel",
    "force_priorite",
    "forget_lignes",
    "forget_listes",
    "forget_passages",
    "give_acces",
    "give_orphans",
    "give_taches",
    "hash_code",
    "is_guichet_ouvert",
    "keep_ligne",
    "launch_campagne",
    "launch_repartition",
    "lock",
    "note_double",
    "plan_demande",
    "plan_lot",
    "plan_rappel",
    "propose_demande",
    "qualify_demande",
    "read_cle",
    "read_matiere",
    "recompute_repartition",
    "record_accord",
    "record_appel",
    "record_appel_recensement",
    "record_bilan",
    "record_declaration",
    "record_mouvement",
    "record_premier_rdv",
    "record_renfort",
    "record_reponse_medecin",
    "refresh_priorites",
    "refuse_accord",
    "release_priorite",
    "remind",
    "remind_campagne",
    "remove_ligne",
    "reopen_demande",
    "restore_ligne",
    "restore_mouvement",
    "resume_capacite",
    "resume_demande",
    "resume_renfort",
    "resume_suivi",
    "resume_tache",
    "review_equipe",
    "revoke_acces",
    "run_examen",
    "send_campagne",
    "send_lot",
    "send_repartition",
    "stop_capacite",
    "undo_liste",
    "undo_reponse_medecin",
    "undo_reponse_patient",
    "update_capacite",
    "write_calcul",
]
