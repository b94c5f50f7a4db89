"""Entering a contract, recording values, joining evidence."""

from .constats import declare_livrable, record_constat
from .contrat import create_contrat, start_mission
from .preuves import Depot, attach_documents, attach_preuve, replace_preuve, undo_depot, withdraw_preuve
from .suites import request_releve

__all__ = [
    "Depot",
    "attach_documents",
    "attach_preuve",
    "create_contrat",
    "declare_livrable",
    "record_constat",
    "replace_preuve",
    "request_releve",
    "start_mission",
    "undo_depot",
    "withdraw_preuve",
]
