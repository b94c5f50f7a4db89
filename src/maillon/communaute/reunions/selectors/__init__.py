"""Finding meetings, and what is known of each."""

from .convocations import ReglesEnVigueur, find_regles, list_regles, plan_convocation
from .reunions import (
    compte_reponses,
    find_precedentes,
    get_participation,
    get_reunion,
    list_invitables,
    list_participations,
    list_points,
    with_reponses,
)
from .sondages import Grille, build_grille, get_sondage
from .votes import (
    Bulletin,
    compute_quorum_of,
    count_attendus,
    count_voix,
    list_bulletins,
    list_mandataires,
    list_pouvoirs,
    list_resolutions,
    list_votants_du_jour,
)

__all__ = [
    "Bulletin",
    "Grille",
    "ReglesEnVigueur",
    "build_grille",
    "compte_reponses",
    "compute_quorum_of",
    "count_attendus",
    "count_voix",
    "find_precedentes",
    "find_regles",
    "get_participation",
    "get_reunion",
    "get_sondage",
    "list_bulletins",
    "list_invitables",
    "list_mandataires",
    "list_participations",
    "list_points",
    "list_pouvoirs",
    "list_regles",
    "list_resolutions",
    "list_votants_du_jour",
    "plan_convocation",
    "with_reponses",
]
