from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.permissions import Permission

LIRE = Permission(
    "dialogues.lire",
    "Lire les dialogues de gestion",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.REFERENT_MISSION},
)
TENIR = Permission(
    "dialogues.tenir", "Préparer, transmettre, répondre et clore un dialogue de gestion", {Role.COORDINATION}
)
LIRE_TERRITOIRE = Permission(
    "dialogues.lire_territoire",
    "Lire les dialogues de gestion de son territoire",
    {RoleTerritorial.CPAM, RoleTerritorial.ARS},
)
DONNER_AVIS = Permission(
    "dialogues.donner_avis",
    "Accepter ou contester un indicateur dans un dialogue de gestion",
    {RoleTerritorial.CPAM, RoleTerritorial.ARS},
)
