"""What taking lists over offers to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles, EntreeMenu

from .permissions import REPRENDRE

MENU = (
    EntreeMenu(
        "Listes et doublons", "reprise:reprises", "upload", "Communauté", REPRENDRE, 80, sous="adhesions_membres"
    ),
    EntreeMenu("Liste de membres", "reprise:nouvelle", "upload", "Nouveau", REPRENDRE, ordre=50),
)

EVENEMENTS = (
    ("reprise.deposee", "Liste à reprendre déposée"),
    ("reprise.colonnes", "Colonnes d’une liste choisies"),
    ("reprise.decidee", "Lignes douteuses d’une liste décidées"),
    ("reprise.demandee", "Enregistrement d’une liste demandé"),
    ("reprise.appliquee", "Liste enregistrée"),
    ("reprise.annulation_demandee", "Annulation d’une liste demandée"),
    ("reprise.annulee", "Liste annulée"),
    ("reprise.abandonnee", "Liste abandonnée"),
    ("reprise.fusion", "Deux fiches de la même personne réunies"),
    ("reprise.fusion_annulee", "Réunion de deux fiches annulée"),
    ("reprise.distinguees", "Deux personnes dites distinctes"),
)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "reprise.LigneReprise",
        "Vie de l’association : ce qu’une liste reprise a ajouté ou changé, pour le relire et l’annuler",
        "Cinq ans après la reprise",
    ),
    DonneesPersonnelles(
        "reprise.Fusion",
        "Vie de l’association : ce que la réunion de deux fiches a changé, pour l’annuler",
        "Cinq ans après le départ de la personne",
    ),
)
