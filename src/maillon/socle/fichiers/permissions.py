from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

# The door of the view; each file then asks for its own permission, that of the app that stored it.
OUVRIR = Permission("fichiers.ouvrir", "Ouvrir un document de la communauté", set(Role))
LIRE = Permission(
    "fichiers.lire",
    "Lire les justificatifs",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.REFERENT_MISSION},
)
