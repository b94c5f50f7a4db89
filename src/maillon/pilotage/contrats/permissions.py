from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.permissions import Permission

LIRE = Permission(
    "pilotage.lire",
    "Lire le contrat, les indicateurs et les euros",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.REFERENT_MISSION},
)
LIRE_MISSION = Permission(
    "pilotage.lire_mission",
    "Lire les indicateurs de ses missions",
    {
        *LIRE.roles,
        Role.INTERLOCUTEUR_SOCIAL,
        Role.SECRETARIAT,
        Role.PROFESSIONNEL,
        Role.PHARMACIEN,
    },
)
MODIFIER = Permission(
    "pilotage.modifier", "Déclarer une valeur, joindre un justificatif, tenir le contrat", {Role.COORDINATION}
)
LIRE_TERRITOIRE = Permission(
    "pilotage.lire_territoire",
    "Suivre les contrats de son territoire",
    {RoleTerritorial.CPAM, RoleTerritorial.ARS},
)
