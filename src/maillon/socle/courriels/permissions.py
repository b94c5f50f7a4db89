"""Who sees what the community sends, and sends it again."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

SUIVRE = Permission(
    "courriels.suivre",
    "Suivre les courriels envoyés et les renvoyer",
    {Role.COORDINATION, Role.INTERLOCUTEUR_SOCIAL, Role.SECRETARIAT},
)
