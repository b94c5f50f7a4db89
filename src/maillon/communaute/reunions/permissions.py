"""Who sees and who holds meetings."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

VOIR = Permission("reunions.voir", "Voir les réunions où l’on est invité", set(Role))
GERER = Permission(
    "reunions.gerer",
    "Organiser les réunions, relever les présences",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT, Role.REFERENT_MISSION},
)
OUVRIR_DOCUMENTS = Permission(
    "reunions.documents", "Ouvrir les documents des réunions : émargements, comptes rendus", set(Role)
)
REGLER = Permission(
    "reunions.regler",
    "Enregistrer ce que les statuts disent des instances",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION},
)
