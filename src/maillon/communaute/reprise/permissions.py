"""Who takes lists over and merges people."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

REPRENDRE = Permission(
    "reprise.reprendre",
    "Reprendre une liste de membres, réunir les doublons",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT},
)
