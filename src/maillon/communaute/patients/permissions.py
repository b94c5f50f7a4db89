"""Who reads patients by role, and who reads the traces."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

LIRE = Permission(
    "patients.lire",
    "Lire l’identité des patients de la communauté",
    {Role.COORDINATION, Role.INTERLOCUTEUR_SOCIAL, Role.SECRETARIAT},
)
TRACES = Permission(
    "patients.traces", "Lire les traces d’accès d’un patient, sans son identité", {Role.REFERENT_DONNEES}
)
