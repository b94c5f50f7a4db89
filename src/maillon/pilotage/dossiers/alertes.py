"""Sentences of the home page of CPAM and ARS agents."""

from datetime import datetime, timedelta

from django.urls import reverse

from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter, format_date

from .selectors import list_transmis

RECENTS = 30  # days
DITS_AU_TERRITOIRE = 3


def list_alertes_territoire(acteur: Acteur, now: datetime) -> list[Alerte]:
    """The packs received lately, the latest first, one sentence for the rest; one query."""
    recus = list(list_transmis(acteur).filter(transmis_le__gt=now - timedelta(days=RECENTS)))
    alertes = [
        Alerte(
            "attend",
            f"{dossier.cpts.nom} : dossier de l’année {dossier.annee} reçu le "
            f"{format_date(dossier.transmis_le, jour=False)}.",
            reverse("dossiers:territoire_dossier", args=[dossier.pk]),
        )
        for dossier in recus[:DITS_AU_TERRITOIRE]
    ]
    if reste := len(recus) - len(alertes):
        phrase = f"{compter(reste, 'autre dossier reçu', 'autres dossiers reçus')} depuis {RECENTS} jours."
        alertes.append(Alerte("attend", phrase, reverse("dossiers:territoire"), nombre=reste))
    return alertes
