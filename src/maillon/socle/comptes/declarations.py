"""What accounts hold about people."""

from maillon.socle.declarations import DonneesPersonnelles

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "comptes.Compte",
        "Ouvrir une session, et retrouver ses vues de listes : filtres, tri et colonnes gardés sous un nom choisi",
        "Tant que la personne a un compte ; une vue, jusqu’à ce qu’elle la supprime",
    ),
)
