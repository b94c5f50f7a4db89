"""Who sees and who keeps the people of a community."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

VOIR = Permission("personnes.voir", "Voir les personnes et les groupes de la communauté", set(Role) - {Role.PARTENAIRE})
GERER = Permission(
    "personnes.gerer",
    "Tenir à jour les personnes et les groupes",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT},
)
