"""The life of a contract, its values, its evidence, its money."""

from .avenants import sign_avenant
from .constats import declare_livrable, record_constat
from .contrat import create_contrat, start_mission
from .fin import activate_contrat, close_finished, renew_contrat, simulate_resiliation, terminate_contrat
from .preuves import attach_preuve
from .suites import request_releve
from .versements import record_decision, record_versement, remove_versement

__all__ = [
    "activate_contrat",
    "attach_preuve",
    "close_finished",
    "create_contrat",
    "declare_livrable",
    "record_constat",
    "record_decision",
    "record_versement",
    "remove_versement",
    "renew_contrat",
    "request_releve",
    "sign_avenant",
    "simulate_resiliation",
    "start_mission",
    "terminate_contrat",
]
