"""The sentences of the home page: afternoons ahead without anybody."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from maillon.communaute.gardes.selectors import list_ouvertes
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import INSECABLE, format_date, format_heure

from ..models import Plage
from .promesses import Blanc, find_blancs

# The home page speaks of the days at hand; the page of figures shows two weeks.
JOURS = 7
PHRASES = 3
URGENT = timedelta(days=5)


def say_blanc(blanc: Blanc) -> str:
    """« Jeudi 26 novembre, 14 h – 20 h : aucun masseur-kinésithérapeute. »"""
    jour = format_date(blanc.jour)
    heures = " et ".join(f"{format_heure(de.time())} – {format_heure(a.time())}" for de, a in blanc.trous)
    return f"{jour[:1].upper()}{jour[1:]}, {heures}{INSECABLE}: {say_personne(blanc.libelle_profession)}."


def say_personne(profession: str) -> str:
    return f"aucune {profession}" if profession == "sage-femme" else f"aucun {profession}"


def list_alertes_blancs(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """The next blanks of the promise, one sentence each for the first ones; nothing before the first opening, nor for a
    shift that the rosters already say is open. Constant queries."""
    if not Plage.objects.filter(cpts_id=cpts_id).actives().exists():
        return []
    cpts = Cpts.objects.get(pk=cpts_id)
    dits = {(poste.jour, poste.profession) for poste in list_ouvertes(cpts_id, moment)}
    blancs = [
        blanc for blanc in find_blancs(cpts, jours=JOURS) if blanc.entier and (blanc.jour, blanc.profession) not in dits
    ]
    url = reverse("soins_chiffres", args=[cpts.slug]) + "#blancs"
    alertes = [
        Alerte("expire", say_blanc(blanc), url, le=blanc.de, urgente=blanc.de - moment < URGENT)
        for blanc in blancs[:PHRASES]
    ]
    if (reste := len(blancs) - PHRASES) > 0:
        autres = "Un autre après-midi" if reste == 1 else f"{reste} autres après-midi"
        phrase = f"{autres} sans personne cette semaine."
        alertes.append(Alerte("expire", phrase, url, nombre=reste, le=blancs[PHRASES].de))
    return alertes
