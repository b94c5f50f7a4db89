"""Forms of the desk: plain words for the public, one page for the telephone."""

from .champs import AUTRE_COMMUNE, build_faits, build_identite, commune_choices, contains_nir
from .guichet import CloreForm, CodeSuiviForm, FaitsForm, NouvelleForm, PrevoirForm, ProposerForm, TelephoneForm
from .places import PlacesForm, places_initial
from .publics import ETAPES
from .recensement import (
    AppelRecensementForm,
    CampagneForm,
    MouvementForm,
    RenfortForm,
    campagne_initial,
    mouvement_initial,
    renfort_initial,
)

__all__ = [
    "AUTRE_COMMUNE",
    "ETAPES",
    "AppelRecensementForm",
    "CampagneForm",
    "CloreForm",
    "CodeSuiviForm",
    "FaitsForm",
    "MouvementForm",
    "NouvelleForm",
    "PlacesForm",
    "PrevoirForm",
    "ProposerForm",
    "RenfortForm",
    "TelephoneForm",
    "build_faits",
    "build_identite",
    "campagne_initial",
    "commune_choices",
    "contains_nir",
    "mouvement_initial",
    "places_initial",
    "renfort_initial",
]
