"""Forms of the desk: plain words for the public, one page for the telephone."""

from .attente import AccordForm, ColonnesAttenteForm, DepotListeForm, RappelForm
from .champs import AUTRE_COMMUNE, build_faits, build_identite, commune_choices, label_commune
from .guichet import (
    CloreForm,
    CodeSuiviForm,
    ContactForm,
    FaitsForm,
    GuichetForm,
    NouvelleForm,
    PrevoirForm,
    ProposerForm,
    SituationForm,
)
from .partenaires import AccesPartenaireForm, OrienterForm
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
    "AccesPartenaireForm",
    "AccordForm",
    "AppelForm",
    "ChangerForm",
    "CloreForm",
    "CodeSuiviForm",
    "ColonnesAttenteForm",
    "ContactForm",
    "DepotListeForm",
    "EquipierForm",
    "FaitsForm",
    "GuichetForm",
    "LotForm",
    "NouvelleForm",
    "NouvellesForm",
    "OrienterForm",
    "PlacesForm",
    "PoidsForm",
    "PrevoirForm",
    "PrioriteForm",
    "ProposerForm",
    "RappelForm",
    "RendezVousForm",
    "RepartirForm",
    "SituationForm",
    "TacheForm",
    "build_faits",
    "build_identite",
    "commune_choices",
    "label_commune",
]
