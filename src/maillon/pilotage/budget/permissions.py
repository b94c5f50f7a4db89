from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

LIRE = Permission(
    "budget.lire",
    "Lire le budget, les dépenses et la trésorerie",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION},
)
LIRE_MISSION = Permission(
    "budget.lire_mission",
    "Lire le budget de ses missions",
    {*LIRE.roles, Role.REFERENT_MISSION},
)
ECRIRE = Permission("budget.ecrire", "Saisir, payer et annuler des opérations, importer, exporter", {Role.COORDINATION})
APPROUVER = Permission("budget.approuver", "Approuver une dépense importante", {Role.PRESIDENT, Role.BUREAU})
