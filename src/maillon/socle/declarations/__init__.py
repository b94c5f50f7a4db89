"""What an app offers and upper rooms pull. Upper rooms discover; the app never looks up.

Each app may have a module `declarations.py` with tuples named after the kinds below:

    MENU = (EntreeMenu(…),)
    INDICATEURS = (IndicateurDeclare(…),)
"""

from .accueil import Alerte, AlertesTerritoire, EntreeMenu, SourceAlertes
from .agenda import EntreeAgenda, Occupation, PorteeAgenda, SourceAgenda, SourceOccupations, SuiteOccupations
from .argent import (
    DepenseDeclaree,
    EtatDepense,
    FonctionGarde,
    ParticipationPayable,
    SourceDepenses,
    SourceParticipations,
)
from .donnees import AccesFichier, DonneesPersonnelles, EffacementPatient, OppositionPatient
from .fiches import (
    ElementAction,
    ElementPersonne,
    SourceAdherents,
    SourceElementsAction,
    SourceElementsPartenaire,
    SourceElementsPersonne,
    SuiteInvitation,
)
from .indicateurs import (
    Acte,
    Agregat,
    CertitudeMouvement,
    Cible,
    ExplicationStock,
    IndicateurDeclare,
    MouvementStock,
    Sens,
    SourceCibles,
)
from .registre import collect, get_genre_sollicitation, get_indicateur_declare
from .soins import FaitRendezVous, FaitSollicitation, GenreSollicitation, SuiteRendezVous, VueSollicitation

__all__ = [
    "AccesFichier",
    "Acte",
    "Agregat",
    "Alerte",
    "AlertesTerritoire",
    "CertitudeMouvement",
    "Cible",
    "DepenseDeclaree",
    "DonneesPersonnelles",
    "EffacementPatient",
    "ElementAction",
    "ElementPersonne",
    "EntreeAgenda",
    "EntreeMenu",
    "EtatDepense",
    "ExplicationStock",
    "FaitRendezVous",
    "FaitSollicitation",
    "FonctionGarde",
    "GenreSollicitation",
    "IndicateurDeclare",
    "MouvementStock",
    "Occupation",
    "OppositionPatient",
    "ParticipationPayable",
    "PorteeAgenda",
    "Sens",
    "SourceAdherents",
    "SourceAgenda",
    "SourceAlertes",
    "SourceCibles",
    "SourceDepenses",
    "SourceElementsAction",
    "SourceElementsPartenaire",
    "SourceElementsPersonne",
    "SourceOccupations",
    "SourceParticipations",
    "SuiteInvitation",
    "SuiteOccupations",
    "SuiteRendezVous",
    "VueSollicitation",
    "collect",
    "get_genre_sollicitation",
    "get_indicateur_declare",
]
