"""What fiches-action offer to upper rooms: menu, sentences of the home page, calendar, personal data."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import (
    Alerte,
    DonneesPersonnelles,
    EntreeMenu,
    SourceAgenda,
    SourceAlertes,
    SourceElementsAction,
)
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter, format_delai

from .agenda import list_entrees
from .models import Action
from .permissions import ECRIRE, LIRE
from .selectors import list_elements, list_etapes_ouvertes

PREVENIR = timedelta(days=14)

EVENEMENTS = (
    ("actions.creee", "Fiche-action ouverte"),
    ("actions.modifiee", "Fiche-action corrigée"),
    ("actions.etat", "État d’une action changé"),
    ("actions.etape_ajoutee", "Étape d’une action ajoutée"),
    ("actions.document_rattache", "Document rattaché à une action"),
    ("actions.document_detache", "Document détaché d’une action"),
    ("actions.etape", "Étape d’une action faite, retirée ou rétablie"),
)

MENU = (
    EntreeMenu("Fiches-action", "actions:liste", "target", "Communauté", LIRE, ordre=35),
    EntreeMenu("Fiche-action", "actions:nouvelle", "target", "Nouveau", ECRIRE, ordre=60),
)


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Actions past their end, steps late or due within two weeks, of the fiches that this person keeps; constant
    queries."""
    on = timezone.localtime(now).date()
    actions = Action.objects.visible_to(acteur).kept_by(acteur)
    tardives = list(actions.late(on).order_by("fin"))
    etapes = list_etapes_ouvertes(actions, jusqu_au=on + PREVENIR)
    if not tardives and not etapes:
        return []
    slug = get_slug(cpts_id)
    alertes = []
    if len(tardives) == 1:
        phrase = f"L’action «\u00a0{tardives[0].titre}\u00a0» devait finir {format_delai(tardives[0].fin, today=on)}."
        alertes.append(Alerte("expire", phrase, reverse("actions:fiche", args=[slug, tardives[0].pk]), urgente=True))
    elif tardives:
        phrase = f"{compter(len(tardives), 'action')} dépassent leur date de fin."
        page = reverse("actions:liste", args=[slug]) + "?retard=oui"
        alertes.append(Alerte("expire", phrase, page, nombre=len(tardives), urgente=True))
    dites = {action.pk for action in tardives}
    for etape in etapes:
        en_retard = etape.echeance < on
        if en_retard and etape.action_id in dites:
            continue  # the action itself is said late
        quand = f"prévue {format_delai(etape.echeance, today=on)}"
        alertes.append(
            Alerte(
                "expire",
                f"{etape.action.titre}, étape «\u00a0{etape.libelle}\u00a0» {quand}.",
                reverse("actions:fiche", args=[slug, etape.action_id]),
                le=etape.echeance,
                urgente=en_retard,
            )
        )
    return alertes


ALERTES = (SourceAlertes(list_alertes, permission=ECRIRE),)
ELEMENTS_ACTION = (SourceElementsAction("documents", "Documents", list_elements),)
AGENDA = (SourceAgenda("action", "Étapes des actions", list_entrees),)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "actions.Action", "Vie de l’association\u00a0: qui mène quelle action", "Cinq ans après la fin de l’action"
    ),
)
