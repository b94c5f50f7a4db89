"""Who opens the calendar, and whose feeds."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

LIRE = Permission("agenda.lire", "Ouvrir l’agenda, s’y abonner, relier ses autres agendas", set(Role))
TOUS_GROUPES = Permission(
    "agenda.tous_groupes",
    "Lire et abonner l’agenda de tous les groupes",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT},
)
