"""Forms of the desk: plain words for the public, one page for the telephone."""

from .champs import AUTRE_COMMUNE, build_faits, build_identite, commune_choices, contains_nir
from .guichet import CloreForm, CodeSuiviForm, FaitsForm, NouvelleForm, PrevoirForm, ProposerForm, TelephoneForm
from .places import PlacesForm
from .publics import ETAPES
from .repartition import ChangerForm, RepartirForm

__all__ = [
    "AUTRE_COMMUNE",
    "ETAPES",
    "ChangerForm",
    "CloreForm",
    "CodeSuiviForm",
    "FaitsForm",
    "NouvelleForm",
    "PlacesForm",
    "PrevoirForm",
    "ProposerForm",
    "RepartirForm",
    "TelephoneForm",
    "build_faits",
    "build_identite",
    "commune_choices",
    "contains_nir",
]
