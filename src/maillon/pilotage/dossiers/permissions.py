from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.permissions import Permission

PREPARER = Permission(
    "dossiers.preparer", "Préparer et transmettre le dossier de dialogue de gestion", {Role.COORDINATION}
)
LIRE = Permission(
    "dossiers.lire",
    "Lire les dossiers de dialogue de gestion",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.REFERENT_MISSION},
)
LIRE_TERRITOIRE = Permission(
    "dossiers.lire_territoire",
    "Lire les dossiers transmis par les communautés de son territoire",
    {RoleTerritorial.CPAM, RoleTerritorial.ARS},
)
