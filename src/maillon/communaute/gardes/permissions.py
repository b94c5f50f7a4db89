"""Who builds rosters, who answers, who reads them."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

GERER = Permission(
    "gardes.gerer", "Construire, publier et corriger les tableaux de garde", {Role.COORDINATION, Role.SECRETARIAT}
)
REPONDRE = Permission(
    "gardes.repondre",
    "Dire ses vœux, échanger, céder et reprendre des gardes",
    {Role.PROFESSIONNEL, Role.PHARMACIEN},
)
VOIR = Permission("gardes.voir", "Voir les tableaux de garde publiés de la communauté", set(Role) - {Role.PARTENAIRE})
DIRE = Permission("gardes.dire", "Dire des vœux pour un tableau de garde", GERER.roles | REPONDRE.roles)
