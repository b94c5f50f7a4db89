"""What several pages do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.droits.services import DerniereCoordination

from ..services import AdhesionRefusee

MEMBRES = ("Membres", "adhesions_membres")
CANDIDATURES = ("Candidatures", "adhesions_candidatures")
COTISATIONS = ("Cotisations", "adhesions_cotisations")


def build_fil(request: Requete, parent: tuple[str, str], *noms: str) -> list[tuple[str, str]]:
    """« Communauté › the list › where we are »."""
    return [
        ("Communauté", ""),
        (parent[0], reverse(parent[1], args=[request.cpts.slug])),
        *((nom, "") for nom in noms),
    ]


def attempt(request: Requete, action: Callable[[], Any], *, done: str = "") -> bool:
    """Run a service; its refusal becomes a message and False."""
    try:
        action()
    except (AdhesionRefusee, DerniereCoordination) as refus:
        messages.error(request, str(refus))
        return False
    except ValidationError as refus:
        messages.error(request, refus.messages[0])
        return False
    if done:
        messages.success(request, done)
    return True
