"""Who reads the journal of a community."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

LIRE = Permission("journal.lire", "Lire le journal de la communauté", {Role.REFERENT_DONNEES, Role.PRESIDENT})
