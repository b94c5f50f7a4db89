"""What the library offers to upper rooms: menu, sentences of the home page, its files, personal data."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import AccesFichier, Alerte, DonneesPersonnelles, EntreeMenu, SourceAlertes
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import accorder, compter, format_delai

from .models import Document
from .permissions import ECRIRE, LIRE
from .selectors import may_open_fichier

PREVENIR = timedelta(days=30)

EVENEMENTS = (
    ("bibliotheque.ajoute", "Document ajouté"),
    ("bibliotheque.modifie", "Document corrigé"),
    ("bibliotheque.version", "Nouvelle version d’un document"),
    ("bibliotheque.archive", "Document archivé"),
    ("bibliotheque.retabli", "Document sorti des archives"),
)

MENU = (
    EntreeMenu("Documents", "bibliotheque:liste", "folder", "Communauté", LIRE, ordre=40),
    EntreeMenu("Document", "bibliotheque:deposer", "file-text", "Nouveau", ECRIRE, ordre=70),
)


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Documents whose retention ends within a month, of the folders that this person keeps; two queries."""
    on = timezone.localtime(now).date()
    documents = Document.objects.visible_to(acteur).kept_by(acteur).filter(archive_le=None)
    proches = list(documents.filter(conserver_jusqu_a__lte=on + PREVENIR).order_by("conserver_jusqu_a"))
    if not proches:
        return []
    slug = get_slug(cpts_id)
    if len(proches) == 1:
        page = reverse("bibliotheque:document", args=[slug, proches[0].pk])
        quand = format_delai(proches[0].conserver_jusqu_a, today=on)
        phrase = f"Le document «\u00a0{proches[0].titre}\u00a0» sera archivé {quand}."
    else:
        page = reverse("bibliotheque:liste", args=[slug]) + "?tri=conserver_jusqu_a&col=conserver_jusqu_a"
        seront = accorder(len(proches), "sera archivé", "seront archivés")
        phrase = f"{compter(len(proches), 'document')} {seront} dans les trente jours."
    return [Alerte("expire", phrase, page, nombre=len(proches), le=proches[0].conserver_jusqu_a)]


ALERTES = (SourceAlertes(list_alertes, permission=ECRIRE),)
ACCES_FICHIERS = (AccesFichier(LIRE, may_open_fichier),)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "bibliotheque.Document",
        "Vie de l’association\u00a0: documents partagés, qui peuvent nommer des personnes",
        "Jusqu’au terme choisi pour chaque document, qui l’archive",
    ),
)
