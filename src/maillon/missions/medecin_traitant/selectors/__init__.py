"""What the desk, the doctors and upper rooms read."""

from .demandes import (
    DESK,
    FAITS,
    VueMedecin,
    build_frise,
    explain_priorite,
    get_demande,
    get_demande_of,
    list_communes,
    list_demandes,
    list_responsables,
    present_demandes,
    search_demandes,
    tranche_age,
    view_as_medecin,
)
from .medecins import (
    Candidat,
    get_capacite,
    get_courriel_medecin,
    list_candidats,
    list_medecins,
)
from .totaux import Totaux, compute_totaux

__all__ = [
    "DESK",
    "FAITS",
    "Candidat",
    "Totaux",
    "VueMedecin",
    "build_frise",
    "compute_totaux",
    "explain_priorite",
    "get_capacite",
    "get_courriel_medecin",
    "get_demande",
    "get_demande_of",
    "list_candidats",
    "list_communes",
    "list_demandes",
    "list_medecins",
    "list_responsables",
    "present_demandes",
    "search_demandes",
    "tranche_age",
    "view_as_medecin",
]
