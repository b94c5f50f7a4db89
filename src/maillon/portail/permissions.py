from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.permissions import Permission

ACCUEIL = Permission("portail.accueil", "Ouvrir l’accueil de sa communauté", set(Role))
ACCUEIL_TERRITOIRE = Permission("portail.territoire", "Ouvrir l’accueil de son territoire", set(RoleTerritorial))
