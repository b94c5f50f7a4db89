"""Who answers; each kind of call adds its own permissions."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

REPONDRE = Permission(
    "sollicitations.repondre",
    "Répondre aux sollicitations qui me sont faites, dire mes absences",
    {Role.PROFESSIONNEL},
)
