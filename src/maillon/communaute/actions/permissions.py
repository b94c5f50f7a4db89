"""Who reads and who keeps the fiches-action."""

from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Mission, Role
from maillon.socle.droits.permissions import Permission

LIRE = Permission("actions.lire", "Lire les fiches-action de ses missions", set(Role) - {Role.PARTENAIRE})
LIRE_TOUT = Permission(
    "actions.lire_tout",
    "Lire toutes les fiches-action",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT},
)
ECRIRE = Permission(
    "actions.ecrire",
    "Tenir les fiches-action, un référent celles de sa mission",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.REFERENT_MISSION},
)


def missions_kept_by(acteur: Acteur) -> frozenset[str]:
    """The missions whose fiches this actor keeps."""
    if not acteur.can(ECRIRE):
        return frozenset()
    return frozenset(Mission.values) if acteur.can(LIRE_TOUT) else acteur.missions & frozenset(Mission.values)
