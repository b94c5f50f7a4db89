"""Who sees and who keeps the partners and the conventions."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

VOIR = Permission("partenaires.voir", "Voir les partenaires et leurs contacts", set(Role) - {Role.PARTENAIRE})
GERER = Permission(
    "partenaires.gerer",
    "Tenir à jour les partenaires, leurs contacts et les conventions",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT},
)
CONVENTIONS = Permission(
    "partenaires.conventions",
    "Lire les conventions signées avec les partenaires",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT, Role.REFERENT_MISSION},
)
