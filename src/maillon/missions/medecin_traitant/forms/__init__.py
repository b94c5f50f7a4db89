"""Forms of the desk: plain words for the public, one page for the telephone."""

from .attente import (
    AccordForm,
    ColonnesAttenteForm,
    DepotListeForm,
    RappelForm,
)
from .champs import (
    AUTRE_COMMUNE,
    build_faits,
    build_identite,
    commune_choices,
    label_commune,
)
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
from .partenaires import (
    AccesPartenaireForm,
    OrienterForm,
)
from .places import (
    PlacesForm,
    places_initial,
)
from .publics import (
    ETAPES,
)
from .recensement import (
    AppelRecensementForm,
    CampagneForm,
    MouvementForm,
    RenfortForm,
    campagne_initial,
    mouvement_initial,
    renfort_initial,
)
from .repartition import (
    ChangerForm,
    RepartirForm,
)
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
    "AppelRecensementForm",
    "CampagneForm",
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
    "MouvementForm",
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
    "RenfortForm",
    "RepartirForm",
    "SituationForm",
    "TacheForm",
    "build_faits",
    "build_identite",
    "campagne_initial",
    "commune_choices",
    "label_commune",
    "mouvement_initial",
    "places_initial",
    "renfort_initial",
]
