"""Pay of members: the yearly cap, rates and amounts. See docs/guide/indemnites.md."""

from maillon.regles.indemnites.calcul import (
    CENTIME,
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
    "PROCHE",
    "Alerte",
    "Compte",
    "Mode",
    "Montant",
    "Nature",
    "PlafondAnnuel",
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
    "round_cents",
]
