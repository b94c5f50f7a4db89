"""What the calendar offers to upper rooms: menu, busy times, events, personal data."""

from maillon.socle.declarations import DonneesPersonnelles, EntreeMenu, SourceOccupations

from .permissions import LIRE
from .selectors import find_occupations

MENU = (EntreeMenu("Agenda", "agenda:agenda", "calendar", "Communauté", LIRE, ordre=5, telephone=True),)

EVENEMENTS = (
    ("agenda.flux_ouvert", "Abonnement à l’agenda ouvert"),
    ("agenda.flux_ferme", "Abonnement à l’agenda fermé"),
    ("agenda.externe_relie", "Agenda externe relié"),
    ("agenda.externe_retire", "Agenda externe retiré"),
)

OCCUPATIONS = (SourceOccupations(find_occupations),)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "agenda.Flux", "Savoir qui s’abonne à quel agenda", "Tant que la personne est dans la communauté"
    ),
    DonneesPersonnelles(
        "agenda.AgendaExterne",
        "Lire les moments occupés d’une personne qui le demande\u00a0: adresse et mot de passe, chiffrés",
        "Jusqu’à ce qu’elle le retire ou quitte la communauté",
    ),
    DonneesPersonnelles(
        "agenda.Occupation",
        "Trouver une date de réunion\u00a0: moments occupés, sans titre ni lieu",
        "Les cinq mois qui viennent, remplacés à chaque lecture",
    ),
)
