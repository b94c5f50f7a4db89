"""What partners make a home page say."""

from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter, format_date

from .models import Convention
from .selectors import list_a_renouveler

DITES = 3


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Conventions about to end or to renew themselves, the nearest first, one sentence for the rest; two queries."""
    on = now.date()
    proches = list_a_renouveler(acteur, on=on)
    if not proches:
        return []
    slug = get_slug(cpts_id)
    alertes = [
        Alerte(
            "expire",
            _say(convention, terme, passe=terme < on),
            reverse("partenaires:partenaire", args=[slug, convention.structure_id]),
            le=terme,
            urgente=terme < on,
        )
        for convention, terme in proches[:DITES]
    ]
    reste = len(proches) - len(alertes)
    if reste:
        phrase = f"{compter(reste, 'autre convention arrive', 'autres conventions arrivent')} à terme."
        alertes.append(Alerte("expire", phrase, reverse("partenaires:conventions", args=[slug]), nombre=reste))
    return alertes


def _say(convention: Convention, terme: date, *, passe: bool) -> str:
    jour = format_date(terme, jour=False)
    if passe:
        return f"La convention avec {convention.structure} est échue depuis le {jour}."
    if convention.reconduction:
        return f"La convention avec {convention.structure} se reconduit d’elle-même après le {jour}."
    return f"La convention avec {convention.structure} prend fin le {jour}."
