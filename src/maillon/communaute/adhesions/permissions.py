"""Who sees and who keeps the list of members."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

VOIR_MEMBRES = Permission("adhesions.voir", "Voir les membres de la communauté", set(Role))
GERER_ADHESIONS = Permission(
    "adhesions.gerer",
    "Admettre un membre, mettre fin à une adhésion",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT},
)
