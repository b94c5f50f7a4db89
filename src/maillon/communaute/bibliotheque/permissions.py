"""Who reads and who keeps the documents of a community."""

from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Mission, Role
from maillon.socle.droits.permissions import Permission

LIRE = Permission("bibliotheque.lire", "Lire les documents partagés", set(Role) - {Role.PARTENAIRE})
LIRE_MISSIONS = Permission(
    "bibliotheque.lire_missions",
    "Lire les documents de toutes les missions",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT},
)
LIRE_BUREAU = Permission(
    "bibliotheque.lire_bureau",
    "Lire les documents réservés au bureau",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION},
)
ECRIRE = Permission(
    "bibliotheque.ecrire",
    "Déposer et tenir des documents, un référent ceux de sa mission",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION, Role.SECRETARIAT, Role.REFERENT_MISSION},
)


def dossiers_kept_by(acteur: Acteur) -> frozenset[str]:
    """The folders that this actor keeps: codes of missions, and "" for the association's life."""
    if not acteur.can(ECRIRE):
        return frozenset()
    tous = frozenset({"", *Mission.values})
    return tous if acteur.can(LIRE_MISSIONS) else acteur.missions & tous
