"""Who writes to whom."""

from maillon.communaute.patients.permissions import LIRE
from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

CONVERSER = Permission("messagerie.converser", "Lire ses messages et ses annonces, répondre", set(Role))
# The door only: each thread then asks for the care relation, or the desk, of its own patient.
SOIGNER = Permission(
    "messagerie.soigner",
    "Échanger au sujet d’un patient que l’on suit",
    LIRE.roles | {Role.PROFESSIONNEL, Role.PHARMACIEN},
)
DIFFUSER = Permission(
    "messagerie.diffuser",
    "Écrire aux membres : envois par courriel et annonces",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT, Role.REFERENT_MISSION},
)
MSSANTE = Permission("messagerie.mssante", "Régler la boîte MSSanté de la communauté", {Role.COORDINATION})
