"""Who publishes, finds and books slots."""

from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.permissions import Permission

PUBLIER = Permission(
    "soins_non_programmes.publier",
    "Ouvrir et fermer mes propres créneaux, voir mes rendez-vous",
    {Role.PROFESSIONNEL},
)
GERER = Permission(
    "soins_non_programmes.gerer",
    "Ouvrir des créneaux pour un professionnel, suivre les demandes de soins du jour",
    {Role.COORDINATION, Role.SECRETARIAT, Role.INTERLOCUTEUR_SOCIAL},
)
OUVRIR = Permission(
    "soins_non_programmes.ouvrir",
    "Ouvrir et fermer des créneaux : les miens, ou ceux de tous au guichet",
    PUBLIER.roles | GERER.roles,
)
CHERCHER = Permission(
    "soins_non_programmes.chercher",
    "Chercher un créneau et donner un rendez-vous, demander un soin du jour",
    {Role.PROFESSIONNEL, Role.PHARMACIEN, Role.COORDINATION, Role.SECRETARIAT, Role.INTERLOCUTEUR_SOCIAL},
)
REGULER = Permission(
    "soins_non_programmes.reguler",
    "Chercher un créneau et donner un rendez-vous depuis le centre 15",
    {RoleTerritorial.REGULATEUR, RoleTerritorial.OSNP},
)
VOIR_TOTAUX = Permission(
    "soins_non_programmes.voir_totaux",
    "Voir l’offre et la demande en chiffres, sans aucun patient",
    {Role.PRESIDENT, Role.BUREAU, Role.REFERENT_MISSION, Role.COORDINATION, Role.SECRETARIAT},
)
REGLER = Permission(
    "soins_non_programmes.regler",
    "Décider des jours fériés, des heures et des délais des soins non programmés",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION},
)
