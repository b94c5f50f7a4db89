"""The life of a contract, its values, its evidence, its money."""

from .avenants import sign_avenant
from .constats import declare_livrable, record_constat
from .contrat import create_contrat, deploy_mission, start_mission
from .fiches import complete_fiche
from .fin import activate_contrat, close_finished, renew_contrat, simulate_resiliation, terminate_contrat
from .preuves import Depot, attach_documents, attach_preuve, replace_preuve, undo_depot, withdraw_preuve
from .saisie import abandon_brouillon, open_brouillon, record_saisie, save_etape, store_document
from .suites import request_releve
from .versements import record_decision, record_versement, remove_versement

__all__ = [
    "Depot",
    "abandon_brouillon",
    "activate_contrat",
    "attach_documents",
    "attach_preuve",
    "close_finished",
    "complete_fiche",
    "create_contrat",
    "declare_livrable",
    "deploy_mission",
    "open_brouillon",
    "record_constat",
    "record_decision",
    "record_saisie",
    "record_versement",
    "remove_versement",
    "renew_contrat",
    "replace_preuve",
    "request_releve",
    "save_etape",
    "sign_avenant",
    "simulate_resiliation",
    "start_mission",
    "store_document",
    "terminate_contrat",
    "undo_depot",
    "withdraw_preuve",
]
