"""Who sees and who keeps the members, their dues and the offices."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

_TENEURS = {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT}

VOIR_MEMBRES = Permission("adhesions.voir", "Voir les membres de la communauté", set(Role))
GERER_ADHESIONS = Permission(
    "adhesions.gerer", "Inviter, admettre ou refuser un membre, mettre fin à une adhésion", _TENEURS
)
COTISATIONS = Permission("adhesions.cotisations", "Tenir les cotisations et leurs reçus", _TENEURS)
MON_ADHESION = Permission("adhesions.mienne", "Voir sa propre adhésion et ses reçus", set(Role) - {Role.PARTENAIRE})
# An office may open rights in Maillon: whoever records it must be able to give access.
GERER_MANDATS = Permission(
    "adhesions.mandats", "Tenir les mandats et les collèges de l’association", {Role.PRESIDENT, Role.COORDINATION}
)
