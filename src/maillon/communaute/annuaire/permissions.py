"""Who reads the directory, and who keeps what it says of the members."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

VOIR = Permission("annuaire.voir", "Chercher dans l’annuaire, tenir sa propre fiche", set(Role) - {Role.PARTENAIRE})
GERER = Permission(
    "annuaire.gerer",
    "Tenir les fiches des membres dans l’annuaire, lire les imports",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT},
)
