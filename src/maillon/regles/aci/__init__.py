"""Money of the ACI: sizes, dated scale, ceiling, payments, variable part. See docs/algorithmes/aci.md."""

from maillon.regles.aci.aides import compute_aide_demarrage
from maillon.regles.aci.bareme import Parts, compute_parts, compute_taille, explain_taille, load_bareme, missions_of
from maillon.regles.aci.indicateurs import (
    Genre,
    Indicateur,
    Palier,
    Sens,
    check_indicateurs,
    validate_indicateur,
    validate_indicateurs,
)
from maillon.regles.aci.plafond import Plafond, compute_plafond, compute_plafond_taille
from maillon.regles.aci.types import LigneExplication, Mission, Montant, MontantsContrat, MontantsMission, Taille
from maillon.regles.aci.variable import (
    ProchainPalier,
    Repartition,
    ResultatIndicateur,
    ResultatVariable,
    compute_variable,
)
from maillon.regles.aci.versements import (
    Echeancier,
    Nature,
    Versement,
    compute_anniversaires,
    compute_prorata,
    compute_versements,
    compute_versements_premiere_annee,
)

__all__ = [
    "Echeancier",
    "Genre",
    "Indicateur",
    "LigneExplication",
    "Mission",
    "Montant",
    "MontantsContrat",
    "MontantsMission",
    "Nature",
    "Palier",
    "Parts",
    "Plafond",
    "ProchainPalier",
    "Repartition",
    "ResultatIndicateur",
    "ResultatVariable",
    "Sens",
    "Taille",
    "Versement",
    "check_indicateurs",
    "compute_aide_demarrage",
    "compute_anniversaires",
    "compute_parts",
    "compute_plafond",
    "compute_plafond_taille",
    "compute_prorata",
    "compute_taille",
    "compute_variable",
    "compute_versements",
    "compute_versements_premiere_annee",
    "explain_taille",
    "load_bareme",
    "missions_of",
    "validate_indicateur",
    "validate_indicateurs",
]
