"""Entering a contract, recording values, joining evidence."""

from .avenants import sign_avenant
from .constats import declare_livrable, record_constat
from .contrat import create_contrat, start_mission
from .preuves import attach_preuve
from .suites import request_releve

__all__ = [
    "attach_preuve",
    "create_contrat",
    "declare_livrable",
    "record_constat",
    "request_releve",
    "sign_avenant",
    "start_mission",
]
