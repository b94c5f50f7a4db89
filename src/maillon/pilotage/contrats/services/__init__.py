"""Entering a contract, recording values, joining evidence."""

from .constats import declare_livrable, record_constat
from .contrat import create_contrat, deploy_mission, start_mission
from .preuves import attach_preuve
from .suites import request_releve

__all__ = [
    "attach_preuve",
    "create_contrat",
    "declare_livrable",
    "deploy_mission",
    "record_constat",
    "request_releve",
    "start_mission",
]
