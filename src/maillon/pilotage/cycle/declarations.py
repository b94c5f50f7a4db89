"""What the life cycle offers to upper rooms: menu, warnings, events, personal data."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from maillon.pilotage.contrats.mentions import SuiteAnnee
from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import (
    Alerte,
    AlertesTerritoire,
    DonneesPersonnelles,
    EntreeMenu,
    SourceAgenda,
    SourceAlertes,
)
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter, format_delai

from .entrees import list_entrees
from .enums import EtatEcheance
from .models import EcheanceSuivie
from .permissions import LIRE, LIRE_TERRITOIRE
from .selectors import get_echeances_territoire, list_a_dire

PREVENIR = 90  # days before a deadline from which it is said
URGENT = 30
IMMINENT = 7
DITES_AU_TERRITOIRE = 5

EVENEMENTS = (
    ("cycle.jalon_enregistre", "Fait de la vie de la communauté enregistré"),
    ("cycle.jalon_corrige", "Fait de la vie de la communauté corrigé"),
    ("cycle.jalon_annule", "Fait de la vie de la communauté annulé"),
    ("cycle.numeros_enregistres", "Numéros FINESS et RNA enregistrés"),
)

MENU = (
    EntreeMenu("Vie de la communauté", "cycle:vie", "route", "Pilotage", LIRE, 68, sous="pilotage:contrat"),
    EntreeMenu(
        "Échéances",
        "cycle:territoire",
        "calendar-event",
        "Territoire",
        permission=LIRE_TERRITOIRE,
        ordre=20,
        telephone=True,
        de_cpts=False,
    ),
)


def say_echeance(echeance: EcheanceSuivie, *, on: datetime) -> str:
    """« Prévention : démarrage au plus tard dans 29 jours, le 22/12/2026. »"""
    jour = timezone.localtime(on).date()
    reserve = " (date à confirmer)" if echeance.a_confirmer else ""
    if echeance.le < jour:
        retard = compter((jour - echeance.le).days, "jour")
        return f"{echeance.libelle}, échéance dépassée de {retard}{reserve}."
    presse = "Plus que quelques jours. " if (echeance.le - jour).days <= IMMINENT else ""
    return f"{presse}{echeance.libelle} {format_delai(echeance.le, today=jour)}, le {echeance.le:%d/%m/%Y}{reserve}."


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Deadlines at 90, 30 and 7 days, and those exceeded; two queries."""
    on = timezone.localtime(now).date()
    a_dire = list_a_dire(EcheanceSuivie.objects.filter(cpts_id=cpts_id), on=on, jours=PREVENIR)
    if not a_dire:
        return []
    page = reverse("cycle:vie", args=[get_slug(cpts_id)])
    return [
        Alerte(
            "expire",
            say_echeance(echeance, on=now),
            page,
            le=echeance.le,
            urgente=echeance.etat == EtatEcheance.DEPASSEE or (echeance.le - on).days <= URGENT,
        )
        for echeance in a_dire
    ]


def list_alertes_territoire(acteur: Acteur, now: datetime) -> list[Alerte]:
    """The nearest deadlines of the territory, one sentence for the rest; one query."""
    on = timezone.localtime(now).date()
    a_dire = list_a_dire(get_echeances_territoire(acteur), on=on, jours=URGENT)
    alertes = [
        Alerte(
            "expire",
            f"{echeance.cpts.nom} : {say_echeance(echeance, on=now)}",
            reverse("cycle:territoire_vie", args=[echeance.cpts_id]),
            le=echeance.le,
            urgente=echeance.etat == EtatEcheance.DEPASSEE or (echeance.le - on).days <= IMMINENT,
        )
        for echeance in a_dire[:DITES_AU_TERRITOIRE]
    ]
    if reste := len(a_dire) - len(alertes):
        phrase = f"{compter(reste, 'autre échéance', 'autres échéances')} dans les {URGENT} jours ou dépassées."
        alertes.append(Alerte("expire", phrase, reverse("cycle:territoire") + "?etat=ouverte", nombre=reste))
    return alertes


SUITES_ANNEE = (
    SuiteAnnee(
        "Voir les échéances",
        "Ce que le contrat demande dans les dix-huit mois.",
        "cycle:vie",
        "calendar-event",
        LIRE,
        40,
    ),
)

ALERTES = (SourceAlertes(list_alertes, permission=LIRE),)
AGENDA = (SourceAgenda("echeance", "Échéances du contrat", list_entrees),)
ALERTES_TERRITOIRE = (AlertesTerritoire(list_alertes_territoire, permission=LIRE_TERRITOIRE),)

DONNEES_PERSONNELLES = (
    DonneesPersonnelles(
        "cycle.Signature",
        "Savoir qui a signé le contrat et ses avenants, et en quelle qualité.",
        "Durée du contrat, puis cinq ans pour le contrôle des sommes versées.",
    ),
)
