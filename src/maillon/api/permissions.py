"""Who follows the exchanges of the community with other services."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

SUIVRE = Permission(
    "api.suivre_sas",
    "Suivre les échanges avec la plateforme du SAS et renvoyer un rendez-vous",
    {Role.COORDINATION, Role.SECRETARIAT},
)
