"""What people and groups offer to upper rooms."""

from typing import Any

from maillon.socle.declarations import DonneesPersonnelles, EntreeMenu, SuiteInvitation
from maillon.socle.droits.acteur import Acteur

from . import services
from .permissions import GERER, VOIR

MENU = (
    EntreeMenu("Personnes", "personnes_liste", "user", "Communauté", GERER, 12, sous="adhesions_membres"),
    EntreeMenu("Groupes", "personnes_groupes", "users-group", "Communauté", VOIR, 14, sous="adhesions_membres"),
)


def link_invited(membre: Any, by: Acteur) -> None:
    services.keep_membre(membre=membre, by=by)


SUITES_INVITATION = (SuiteInvitation(link_invited),)
EVENEMENTS = (
    ("personnes.ajoutee", "Personne ajoutée"),
    ("personnes.coordonnees", "Coordonnées corrigées"),
    ("personnes.visibilite", "Choix de ce que les membres voient"),
    ("personnes.partie", "Personne partie"),
    ("personnes.revenue", "Départ annulé"),
    ("personnes.groupe_cree", "Groupe créé"),
    ("personnes.groupe_modifie", "Groupe modifié"),
    ("personnes.groupe_ferme", "Groupe fermé"),
    ("personnes.groupe_rouvert", "Groupe rouvert"),
    ("personnes.groupe_quitte", "Personne retirée d’un groupe"),
    ("personnes.responsable", "Responsable de groupe changé"),
    ("personnes.rattachee", "Compte rattaché à une personne"),
    ("personnes.groupe_rejoint", "Personne ajoutée à un groupe"),
)
DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "personnes.Personne",
        "Vie de l’association : contacts des membres, des salariés et des partenaires",
        "Cinq ans après le départ de la personne",
    ),
    DonneesPersonnelles(
        "personnes.Appartenance",
        "Vie de l’association : qui est dans quel groupe",
        "Cinq ans après le départ de la personne",
    ),
)
