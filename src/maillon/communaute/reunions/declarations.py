"""What meetings offer to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles

from . import apres, indicateurs

DONNEES_PERSONNELLES: tuple[DonneesPersonnelles, ...] = (
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

MENU = apres.MENU
ALERTES = apres.ALERTES
EVENEMENTS = apres.EVENEMENTS
ACCES_FICHIERS = apres.ACCES_FICHIERS
DONNEES_PERSONNELLES += apres.DONNEES_PERSONNELLES
INDICATEURS = indicateurs.INDICATEURS
PARTICIPATIONS = indicateurs.PARTICIPATIONS
