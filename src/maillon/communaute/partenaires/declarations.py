"""What partners offer to upper rooms."""

from maillon.socle.declarations import DonneesPersonnelles, EntreeMenu, SourceAlertes

from .alertes import list_alertes
from .permissions import CONVENTIONS, GERER, VOIR

MENU = (
    EntreeMenu("Partenaires", "partenaires:partenaires", "heart-handshake", "Communauté", VOIR, ordre=20),
    EntreeMenu("Partenaire", "partenaires:ajouter", "heart-handshake", "Nouveau", GERER, ordre=52),
)

EVENEMENTS = (
    ("partenaires.ajoute", "Partenaire ajouté"),
    ("partenaires.termine", "Partenariat terminé"),
    ("partenaires.repris", "Partenariat repris"),
    ("partenaires.fiche", "Fiche d’un partenaire modifiée"),
    ("partenaires.contact", "Contact d’un partenaire enregistré"),
    ("partenaires.contact_parti", "Contact d’un partenaire parti"),
    ("partenaires.contact_revenu", "Contact d’un partenaire revenu"),
    ("partenaires.convention", "Convention enregistrée"),
    ("partenaires.convention_resiliee", "Convention résiliée"),
    ("partenaires.convention_retablie", "Convention rétablie"),
)

ALERTES = (SourceAlertes(list_alertes, permission=CONVENTIONS),)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "partenaires.FicheStructure",
        "Vie de l’association : coordonnées et notes sur les partenaires",
        "Cinq ans après la fin du partenariat",
    ),
)
