"""What memberships offer to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles, EntreeMenu

from .permissions import VOIR_MEMBRES

MENU = (EntreeMenu("Membres", "adhesions_membres", "users", "Communauté", VOIR_MEMBRES, ordre=10),)

EVENEMENTS = (
    ("adhesions.demandee", "Adhésion demandée"),
    ("adhesions.admise", "Adhésion admise"),
    ("adhesions.terminee", "Adhésion terminée"),
)
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "adhesions.Adhesion",
        "Vie de l’association : membres, collèges, dates d’adhésion",
        "Cinq ans après la fin de l’adhésion",
    ),
)
