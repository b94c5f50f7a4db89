"""What meetings offer to upper rooms."""

from maillon.socle.declarations import (
    AccesFichier,
    DonneesPersonnelles,
    EntreeMenu,
    SourceAgenda,
    SourceAlertes,
    SourceElementsAction,
    SourceElementsPersonne,
)

from . import apres, indicateurs
from .alertes import list_alertes
from .permissions import GERER, VOIR
from .sources import GENRE, list_agenda, list_elements, list_reunions_of, may_open_document

MENU = (
    EntreeMenu("Réunions", "reunions:liste", "calendar-event", "Communauté", permission=VOIR, ordre=25, telephone=True),
    EntreeMenu("Réunion", "reunions:nouvelle", "calendar-plus", "Nouveau", permission=GERER, ordre=30),
    *apres.MENU,
)
ALERTES = (SourceAlertes(list_alertes, permission=VOIR), *apres.ALERTES)
AGENDA = (SourceAgenda(GENRE, "Réunions", list_agenda),)
ELEMENTS_ACTION = (SourceElementsAction("reunions", "Réunions", list_elements),)
ELEMENTS_PERSONNE = (SourceElementsPersonne("reunions", "Réunions", list_reunions_of),)
ACCES_FICHIERS = (AccesFichier(VOIR, may_open_document), *apres.ACCES_FICHIERS)
INDICATEURS = indicateurs.INDICATEURS
PARTICIPATIONS = indicateurs.PARTICIPATIONS

EVENEMENTS = (
    ("reunions.creee", "Réunion préparée"),
    ("reunions.modifiee", "Réunion modifiée"),
    ("reunions.annulee", "Réunion annulée"),
    ("reunions.invites", "Personnes ajoutées à une réunion"),
    ("reunions.retiree_de_la_liste", "Personne retirée d’une réunion"),
    ("reunions.requise", "Présence nécessaire à une réunion"),
    ("reunions.ordre_du_jour", "Ordre du jour modifié"),
    ("reunions.creneaux", "Dates proposées pour une réunion"),
    ("reunions.sondage_envoye", "Sondage de date envoyé"),
    ("reunions.sondage_rouvert", "Sondage de date rouvert"),
    ("reunions.sondage_relance", "Sondage de date relancé"),
    ("reunions.sondage_repondu", "Réponse à un sondage de date"),
    ("reunions.date_choisie", "Date d’une réunion choisie"),
    ("reunions.regles", "Règles d’une instance enregistrées"),
    ("reunions.convoquee", "Réunion convoquée"),
    ("reunions.sans_convocation", "Réunion tenue sans convocation : ses voix sont notées"),
    ("reunions.repondue", "Réponse à une convocation"),
    ("reunions.relancee", "Convocation relancée"),
    ("reunions.voix", "Liste des voix corrigée"),
    ("reunions.pouvoir_donne", "Pouvoir donné"),
    ("reunions.pouvoir_retire", "Pouvoir retiré"),
    ("reunions.pouvoir_retabli", "Pouvoir rétabli"),
    ("reunions.resolution", "Résolution préparée"),
    ("reunions.resolution_retiree", "Résolution retirée"),
    ("reunions.vote_ouvert", "Vote ouvert"),
    ("reunions.vote_exprime", "Voix exprimée"),
    ("reunions.vote_clos", "Vote clos"),
    *apres.EVENEMENTS,
)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "reunions.Reunion", "Vie de l’association : qui organise quelle réunion", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.Participation", "Vie de l’association : invités et présents", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.Disponibilite", "Vie de l’association : choisir la date d’une réunion", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.PointOrdreDuJour", "Vie de l’association : qui présente un point", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.Pouvoir", "Vie de l’association : qui est représenté, et par qui", "Cinq ans après la réunion"
    ),
    DonneesPersonnelles(
        "reunions.Voix",
        "Vie de l’association : qui a voté ; ce que dit la voix n’y figure que dans un vote nominatif",
        "Cinq ans après la réunion",
    ),
    *apres.DONNEES_PERSONNELLES,
)
