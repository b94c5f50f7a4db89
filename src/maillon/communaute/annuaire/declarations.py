"""What the directory offers to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "annuaire.Professionnel",
        "Annuaire des professionnels de santé (données publiques du RPPS)",
        "Tant que le professionnel figure au répertoire national",
    ),
    DonneesPersonnelles(
        "annuaire.Activite",
        "Lieux d’exercice des professionnels de santé (données publiques du RPPS)",
        "Tant que l’activité figure au répertoire national",
    ),
)
