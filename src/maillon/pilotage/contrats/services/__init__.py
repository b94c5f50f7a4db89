"""Entering a contract, recording values, joining evidence."""

from .constats import declare_livrable, record_constat
from .contrat import create_contrat, start_mission
from .fiches import complete_fiche
from .preuves import attach_preuve
from .suites import request_releve

__all__ = [
    "attach_preuve",
    "complete_fiche",
    "create_contrat",
    "declare_livrable",
    "record_constat",
    "request_releve",
    "start_mission",
]
