"""What fiches-action offer to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "actions.Action", "Vie de l’association : qui mène quelle action", "Cinq ans après la fin de l’action"
    ),
)
