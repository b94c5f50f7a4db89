"""The sentences of a professional's home page."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min
from django.urls import reverse

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte, get_genre_sollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import write_nombre

from .sollicitations import list_own


def list_alertes(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """One sentence for each kind that waits for this professional's answer. Two queries."""
    if not acteur.rpps:
        return []
    waiting = (
        list_own(for_acteur=acteur)
        .en_attente()
        .filter(expire_le__gt=moment)
        .values_list("appel__genre")
        .annotate(nombre=Count("pk"), le=Min("expire_le"))
        .order_by("appel__genre")
    )
    rows = list(waiting)
    url = reverse("sollicitations:liste", args=[get_slug(cpts_id)]) if rows else ""
    return [Alerte("attend", _say(code, nombre), url, nombre=nombre, le=le, urgente=True) for code, nombre, le in rows]


def _say(code: str, nombre: int) -> str:
    """« Deux personnes cherchent un médecin traitant : votre réponse est attendue. »"""
    un, plusieurs = get_genre_sollicitation(code).attente
    mot = write_nombre(nombre, feminin=True).capitalize()
    return f"{mot} {un if nombre == 1 else plusieurs}\u00a0: votre réponse est attendue."
