"""Forms of the desk: plain words for the public, one page for the telephone."""

from .champs import AUTRE_COMMUNE, build_faits, build_identite, commune_choices
from .guichet import CloreForm, CodeSuiviForm, FaitsForm, NouvelleForm, PrevoirForm, ProposerForm, TelephoneForm
from .places import PlacesForm
from .publics import ETAPES

__all__ = [
    "AUTRE_COMMUNE",
    "ETAPES",
    "CloreForm",
    "CodeSuiviForm",
    "FaitsForm",
    "NouvelleForm",
    "PlacesForm",
    "PrevoirForm",
    "ProposerForm",
    "TelephoneForm",
    "build_faits",
    "build_identite",
    "commune_choices",
]
