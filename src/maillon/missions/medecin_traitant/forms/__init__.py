"""Forms of the desk: plain words for the public, one page for the telephone."""

from .champs import AUTRE_COMMUNE, build_faits, build_identite, commune_choices, contains_nir
from .guichet import CloreForm, CodeSuiviForm, FaitsForm, NouvelleForm, PrevoirForm, ProposerForm, TelephoneForm
from .places import PlacesForm
from .publics import ETAPES
from .repartition import ChangerForm, RepartirForm
from .suivi import (
    AppelForm,
    EquipierForm,
    LotForm,
    NouvellesForm,
    PoidsForm,
    PrioriteForm,
    RendezVousForm,
    TacheForm,
)

__all__ = [
    "AUTRE_COMMUNE",
    "ETAPES",
    "AppelForm",
    "ChangerForm",
    "CloreForm",
    "CodeSuiviForm",
    "EquipierForm",
    "FaitsForm",
    "LotForm",
    "NouvelleForm",
    "NouvellesForm",
    "PlacesForm",
    "PoidsForm",
    "PrevoirForm",
    "PrioriteForm",
    "ProposerForm",
    "RendezVousForm",
    "RepartirForm",
    "TacheForm",
    "TelephoneForm",
    "build_faits",
    "build_identite",
    "commune_choices",
    "contains_nir",
]
