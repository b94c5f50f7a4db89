"""What solicitations offer to upper rooms: menu, home sentences, events, personal data."""

from maillon.socle.declarations import DonneesPersonnelles, EntreeMenu, SourceAlertes

from .permissions import REPONDRE
from .selectors import list_alertes

MENU = (
    EntreeMenu(
        "Mes sollicitations",
        "sollicitations:liste",
        "inbox",
        "Accès aux soins",
        permission=REPONDRE,
        ordre=11,
        telephone=True,
        court="Sollicitations",
    ),
)

ALERTES = (SourceAlertes(list_alertes, REPONDRE),)

EVENEMENTS = (
    ("sollicitations.ouvert", "Professionnels sollicités"),
    ("sollicitations.termine", "Sollicitations terminées"),
    ("sollicitations.retiree", "Sollicitation retirée"),
    ("sollicitations.reponse_annulee", "Réponse notée par erreur, annulée"),
    ("sollicitations.avancee", "Vague suivante envoyée plus tôt"),
    ("sollicitations.absence", "Absence dite par un professionnel"),
    ("sollicitations.absence_retiree", "Absence retirée"),
)

_DUREE = "Tant que la communauté conserve ses actes"

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        modele="sollicitations.Sollicitation",
        finalite="Demander à un professionnel s’il peut prendre une demande, sans dire de qui elle vient",
        duree=_DUREE,
    ),
    DonneesPersonnelles(
        modele="sollicitations.Absence",
        finalite="Ne rien demander à un professionnel pendant qu’il est absent",
        duree="Tant que le professionnel est membre de la communauté",
    ),
)
