"""What dialogues offer to upper rooms: menu, sentences of home pages, events, personal data."""

from maillon.pilotage.contrats.mentions import SuiteAnnee
from maillon.socle.declarations import AlertesTerritoire, DonneesPersonnelles, EntreeMenu, SourceAgenda, SourceAlertes

from .alertes import list_alertes, list_alertes_territoire
from .entrees import list_entrees
from .permissions import LIRE, LIRE_TERRITOIRE

EVENEMENTS = (
    ("dialogues.ouvert", "Dialogue de gestion ouvert"),
    ("dialogues.organise", "Dialogue de gestion organisé"),
    ("dialogues.note", "Note de préparation d’un dialogue de gestion"),
    ("dialogues.transmis", "Dialogue de gestion transmis à la CPAM et à l’ARS"),
    ("dialogues.repris", "Transmission d’un dialogue de gestion reprise"),
    ("dialogues.avis_accepte", "Indicateur accepté par la CPAM ou l’ARS"),
    ("dialogues.avis_conteste", "Indicateur contesté par la CPAM ou l’ARS"),
    ("dialogues.avis_question", "Question de la CPAM ou de l’ARS sur un indicateur"),
    ("dialogues.avis_retire", "Avis retiré par la CPAM ou l’ARS"),
    ("dialogues.repondu", "Réponse à un avis"),
    ("dialogues.decide", "Décision d’un dialogue de gestion"),
    ("dialogues.decision_suivie", "Décision d’un dialogue de gestion suivie"),
    ("dialogues.decision_retiree", "Décision d’un dialogue de gestion retirée"),
    ("dialogues.tenu", "Dialogue de gestion tenu"),
    ("dialogues.rouvert", "Discussion d’un dialogue de gestion rouverte"),
    ("dialogues.compte_rendu", "Compte rendu d’un dialogue de gestion écrit"),
    ("dialogues.signe", "Compte rendu signé d’un dialogue de gestion gardé"),
    ("dialogues.clos", "Dialogue de gestion clos"),
)

MENU = (
    EntreeMenu("Dialogues de gestion", "dialogues:liste", "messages", "Pilotage", LIRE, 76, sous="dossiers:dossiers"),
    EntreeMenu(
        "Dialogues",
        "dialogues:territoire",
        "messages",
        "Territoire",
        permission=LIRE_TERRITOIRE,
        ordre=25,
        telephone=True,
        de_cpts=False,
    ),
)

SUITES_ANNEE = (
    SuiteAnnee(
        "Mener le dialogue de gestion",
        "Transmettre, répondre à la CPAM et à l’ARS, garder le compte rendu.",
        "dialogues:liste",
        "messages",
        LIRE,
        30,
    ),
)

ALERTES = (SourceAlertes(list_alertes, permission=LIRE),)
AGENDA = (SourceAgenda("dialogue", "Dialogues de gestion", list_entrees),)
ALERTES_TERRITOIRE = (AlertesTerritoire(list_alertes_territoire, LIRE_TERRITOIRE),)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "dialogues.Avis",
        "Savoir quel agent de la CPAM ou de l’ARS a donné un avis sur un indicateur.",
        "Durée du contrat, puis cinq ans pour le contrôle des sommes versées.",
    ),
    DonneesPersonnelles(
        "dialogues.CompteRendu",
        "Garder le compte rendu signé d’un dialogue de gestion, qui vaut constat.",
        "Durée du contrat, puis cinq ans pour le contrôle des sommes versées.",
    ),
)
