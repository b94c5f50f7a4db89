"""What the directory offers to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles

EVENEMENTS = (("annuaire.repris", "Professionnel repris de l’annuaire national"),)
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
    *(
        DonneesPersonnelles(
            f"annuaire.{modele}",
            "Annuaire national des professionnels de santé (extraction publique du RPPS)",
            "Tant que la ligne figure dans l’extraction nationale",
        )
        for modele in ("Inscription", "SavoirFaire", "Diplome")
    ),
    DonneesPersonnelles(
        "annuaire.Mouvement",
        "Ce qu’un import a changé dans l’annuaire national (anciennes valeurs publiques)",
        "Vingt-quatre mois, effacé à chaque import",
    ),
)
