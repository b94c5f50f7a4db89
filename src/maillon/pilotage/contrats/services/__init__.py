"""Entering a contract, recording values, joining evidence."""

from .avenants import sign_avenant
from .constats import declare_livrable, record_constat
from .contrat import create_contrat, deploy_mission, start_mission
from .preuves import attach_preuve
from .saisie import abandon_brouillon, open_brouillon, record_saisie, save_etape, store_document
from .suites import request_releve

__all__ = [
    "abandon_brouillon",
    "attach_preuve",
    "create_contrat",
    "declare_livrable",
    "deploy_mission",
    "open_brouillon",
    "record_constat",
    "record_saisie",
    "request_releve",
    "save_etape",
    "sign_avenant",
    "start_mission",
    "store_document",
]
