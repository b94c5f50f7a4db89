"""What meetings offer to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "reunions.Reunion", "Vie de l’association : qui organise quelle réunion", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.Participation", "Vie de l’association : invités et présents", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.Disponibilite", "Vie de l’association : choisir la date d’une réunion", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.PointOrdreDuJour", "Vie de l’association : qui présente un point", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.Pouvoir", "Vie de l’association : qui est représenté, et par qui", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.Voix",
        "Vie de l’association : qui a voté ; ce que dit la voix n’y figure que dans un vote nominatif",
        "Cinq ans après la réunion",
    ),
)
