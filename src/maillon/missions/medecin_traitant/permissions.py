"""Who may do what at the médecin traitant desk."""

from maillon.socle.droits.enums import Role
from maillon.socle.droits.permissions import Permission

GERER = Permission(
    "medecin_traitant.gerer",
    "Traiter les demandes de médecin traitant",
    {Role.INTERLOCUTEUR_SOCIAL, Role.SECRETARIAT, Role.COORDINATION},
)
EXPORTER_IDENTITES = Permission(
    "medecin_traitant.exporter_identites",
    "Exporter la liste des demandes avec les noms",
    {Role.INTERLOCUTEUR_SOCIAL, Role.COORDINATION},
)
VOIR_TOTAUX = Permission(
    "medecin_traitant.voir_totaux",
    "Voir les totaux du guichet, sans aucun patient",
    {
        Role.PRESIDENT,
        Role.BUREAU,
        Role.REFERENT_MISSION,
        Role.COORDINATION,
        Role.INTERLOCUTEUR_SOCIAL,
        Role.SECRETARIAT,
    },
)
REPONDRE = Permission(
    "medecin_traitant.repondre",
    "Répondre aux demandes qui me sont proposées et dire mes places",
    {Role.PROFESSIONNEL},
)
DEPOSER = Permission(
    "medecin_traitant.deposer",
    "Déposer une demande pour un patient et suivre les siennes",
    {Role.PROFESSIONNEL, Role.PHARMACIEN, Role.PARTENAIRE},
)
ADOPTER_POIDS = Permission(
    "medecin_traitant.adopter_poids",
    "Adopter les points de priorité décidés par le bureau",
    {Role.PRESIDENT, Role.BUREAU, Role.COORDINATION},
)
