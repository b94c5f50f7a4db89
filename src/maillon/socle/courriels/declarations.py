"""What the outbox offers to upper rooms: its menu, its alert, its event."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte, EntreeMenu, SourceAlertes
from maillon.socle.droits.acteur import Acteur

from .models import Etat
from .permissions import SUIVRE
from .selectors import count_unsettled

PHRASES = {
    Etat.ECHEC: ("1 courriel n’est pas parti", "{} courriels ne sont pas partis"),
    Etat.INCERTAIN: ("1 courriel n’est peut-être pas parti", "{} courriels ne sont peut-être pas partis"),
}


def get_alertes(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """Messages that a person must look at: somebody waits for a mail that may never come."""
    counts = count_unsettled(cpts_id=cpts_id)
    if not counts:
        return []
    page = reverse("courriels", args=(get_slug(cpts_id),))
    return [
        Alerte("attend", (one if counts[etat] == 1 else many.format(counts[etat])), f"{page}?etat={etat}", counts[etat])
        for etat, (one, many) in PHRASES.items()
        if etat in counts
    ]


MENU = (EntreeMenu("Courriels", "courriels", "mail", "Communauté", SUIVRE, 80, sous="messagerie:conversations"),)
ALERTES = (SourceAlertes(get_alertes, SUIVRE),)
EVENEMENTS = (("courriels.renvoye", "Courriel renvoyé"),)
