"""What people and groups offer to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles

EVENEMENTS = (
    ("personnes.ajoutee", "Personne ajoutée"),
    ("personnes.rattachee", "Compte rattaché à une personne"),
    ("personnes.groupe_rejoint", "Personne ajoutée à un groupe"),
)
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "personnes.Personne",
        "Vie de l’association : contacts des membres, des salariés et des partenaires",
        "Cinq ans après le départ de la personne",
    ),
    DonneesPersonnelles(
        "personnes.Appartenance",
        "Vie de l’association : qui est dans quel groupe",
        "Cinq ans après le départ de la personne",
    ),
)
