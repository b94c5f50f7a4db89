from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.permissions import Permission

SIMULER = Permission(
    "simulations.simuler",
    "Comparer des hypothèses sur son contrat",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION},
)
SIMULER_TERRITOIRE = Permission(
    "simulations.simuler_territoire",
    "Chiffrer un changement de barème sur son territoire",
    {RoleTerritorial.CPAM, RoleTerritorial.ARS},
)
