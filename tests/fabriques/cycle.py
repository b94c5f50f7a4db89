"""Milestones for tests. Build inside `use_cpts(cpts.pk)`."""

from datetime import date
from typing import Any

from maillon.pilotage.cycle.donnees import DonneesJalon, DonneesSignature
from maillon.pilotage.cycle.enums import NatureJalon, Partie
from maillon.pilotage.cycle.models import Jalon
from maillon.pilotage.cycle.services import record_jalon
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME


def make_jalon(
    cpts: Cpts, nature: NatureJalon = NatureJalon.AUTRE, le: date = date(2026, 3, 2), **champs: Any
) -> Jalon:
    """Something that happened on 2 March 2026."""
    champs = {"libelle": "Assemblée générale", **champs} if nature == NatureJalon.AUTRE else champs
    donnees = DonneesJalon(nature=nature, le=le, **champs)
    return record_jalon(cpts_id=cpts.pk, donnees=donnees, by=SYSTEME)


def sign(partie: Partie, le: date, nom: str = "Dominique Lefort") -> DonneesSignature:
    """Somebody signed for a party."""
    return DonneesSignature(partie=partie, nom=nom, qualite="direction", le=le)
