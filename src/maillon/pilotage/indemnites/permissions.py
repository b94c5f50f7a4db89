"""Who declares, who checks, who approves, who sets the rates."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

DECLARER = Permission(
    "indemnites.declarer",
    "Déclarer ses participations et ses frais, voir ses indemnités",
    set(Role) - {Role.PARTENAIRE},
)
LIRE = Permission(
    "indemnites.lire",
    "Voir les indemnités, les frais et les tarifs de la communauté",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION},
)
VERIFIER = Permission(
    "indemnites.verifier",
    "Vérifier une participation ou des frais (le référent, ceux de ses missions)",
    {Role.COORDINATION, Role.REFERENT_MISSION},
)
APPROUVER = Permission(
    "indemnites.approuver", "Approuver ce qui sera payé, contre-passer", {Role.PRESIDENT, Role.BUREAU}
)
GERER = Permission(
    "indemnites.gerer",
    "Saisir pour quelqu’un, tenir les tarifs, les barèmes et les conventions d’employeur",
    {Role.COORDINATION},
)
SUIVRE = Permission(
    "indemnites.suivre", "Suivre ce qui attend une vérification ou un accord", LIRE.roles | VERIFIER.roles
)
PAYER = Permission(
    "indemnites.payer",
    "Préparer les virements, noter ce qui est payé, voir les comptes bancaires masqués",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION},
)
