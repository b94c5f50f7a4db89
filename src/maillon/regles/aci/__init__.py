"""Money of the ACI: sizes, dated scale, ceiling, payments, variable part. See docs/algorithmes/aci.md."""

from maillon.regles.aci.aides import compute_aide_demarrage
from maillon.regles.aci.bareme import (
    Bareme,
    Parts,
    compute_parts,
    compute_taille,
    explain_taille,
    load_bareme,
    missions_of,
    use_bareme,
)
from maillon.regles.aci.echeancier import Activation, AideDemarrage, Evaluation, compute_echeancier
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
from maillon.regles.aci.plafond_termes import compute_plafond_termes
from maillon.regles.aci.resiliation import ENSEMBLE, LigneResiliation, Resiliation, compute_resiliation
from maillon.regles.aci.termes import Avenant, Periode, Termes, apply_avenants
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
    compute_versements_termes,
)

__all__ = [
    "ENSEMBLE",
    "Activation",
    "AideDemarrage",
    "Avenant",
    "Bareme",
    "Echeancier",
    "Evaluation",
    "Genre",
    "Indicateur",
    "LigneExplication",
    "LigneResiliation",
    "Mission",
    "Montant",
    "MontantsContrat",
    "MontantsMission",
    "Nature",
    "Palier",
    "Parts",
    "Periode",
    "Plafond",
    "ProchainPalier",
    "Repartition",
    "Resiliation",
    "ResultatIndicateur",
    "ResultatVariable",
    "Sens",
    "Taille",
    "Termes",
    "Versement",
    "apply_avenants",
    "check_indicateurs",
    "compute_aide_demarrage",
    "compute_anniversaires",
    "compute_echeancier",
    "compute_parts",
    "compute_plafond",
    "compute_plafond_taille",
    "compute_plafond_termes",
    "compute_prorata",
    "compute_resiliation",
    "compute_taille",
    "compute_variable",
    "compute_versements",
    "compute_versements_premiere_annee",
    "compute_versements_termes",
    "explain_taille",
    "load_bareme",
    "missions_of",
    "use_bareme",
    "validate_indicateur",
    "validate_indicateurs",
]
