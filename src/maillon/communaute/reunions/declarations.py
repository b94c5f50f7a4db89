"""What meetings offer to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "reunions.Reunion", "Vie de l’association : qui organise quelle réunion", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.Participation", "Vie de l’association : invités et présents", "Cinq ans après la réunion"
    ),
)
