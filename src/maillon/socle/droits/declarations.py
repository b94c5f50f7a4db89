"""What the rights offer to the frame."""

from maillon.socle.declarations import DonneesPersonnelles, EntreeMenu

from .permissions import GERER_ACCES

MENU = (EntreeMenu("Accès et rôles", "acces_liste", "key", "Communauté", permission=GERER_ACCES, ordre=90),)

EVENEMENTS = (
    ("droits.role_donne", "Rôle donné"),
    ("droits.role_retire", "Rôle retiré"),
    ("droits.acces_ferme", "Accès fermé"),
    ("droits.acces_rouvert", "Accès rouvert"),
    ("droits.invitation", "Personne invitée"),
    ("droits.invitation_acceptee", "Invitation acceptée"),
    ("droits.patients_ouverts", "Données de patients ouvertes"),
)
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "droits.Membre", "savoir qui peut entrer dans la communauté", "tant que la personne est membre"
    ),
    DonneesPersonnelles("droits.Mandat", "savoir qui tenait quel rôle, et quand", "durée de la communauté"),
)
