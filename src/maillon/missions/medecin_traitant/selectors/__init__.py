"""What the desk, the doctors and upper rooms read."""

from .demandes import (
    DESK,
    FAITS,
    VueMedecin,
    build_frise,
    explain_priorite,
    get_demande,
    get_proposition,
    list_attendues,
    list_communes,
    list_demandes,
    list_responsables,
    search_demandes,
    tranche_age,
    view_as_medecin,
)
from .medecins import (
    Candidat,
    get_capacite,
    get_courriel_medecin,
    get_professionnel,
    list_candidats,
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
    "get_professionnel",
    "get_proposition",
    "list_attendues",
    "list_candidats",
    "list_communes",
    "list_demandes",
    "list_responsables",
    "search_demandes",
    "tranche_age",
    "view_as_medecin",
]
