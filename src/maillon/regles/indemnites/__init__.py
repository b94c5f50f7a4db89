"""Pay of members: the yearly cap, rates and amounts. See docs/guide/indemnites.md."""

from maillon.regles.indemnites.calcul import (
    CENTIME,
    JOUR,
    Mode,
    Montant,
    Nature,
    TarifConnu,
    build_avertissements,
    check_heures,
    choose_tarif,
    compute_employeur,
    compute_kilometres,
    compute_montant,
    compute_perte_horaire,
    find_uniformes,
    round_cents,
)
from maillon.regles.indemnites.das2 import SeuilDas2, get_seuil_das2
from maillon.regles.indemnites.gardes import RepereGarde, get_repere_garde
from maillon.regles.indemnites.plafond import (
    PROCHE,
    Alerte,
    Compte,
    PlafondAnnuel,
    check_ailleurs,
    get_plafond_annuel,
)

__all__ = [
    "CENTIME",
    "JOUR",
    "PROCHE",
    "Alerte",
    "Compte",
    "Mode",
    "Montant",
    "Nature",
    "PlafondAnnuel",
    "RepereGarde",
    "SeuilDas2",
    "TarifConnu",
    "build_avertissements",
    "check_ailleurs",
    "check_heures",
    "choose_tarif",
    "compute_employeur",
    "compute_kilometres",
    "compute_montant",
    "compute_perte_horaire",
    "find_uniformes",
    "get_plafond_annuel",
    "get_repere_garde",
    "get_seuil_das2",
    "round_cents",
]
