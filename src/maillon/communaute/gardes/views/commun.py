"""What several pages do."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from maillon.socle.droits.requete import Requete

from ..models import ActionRefusee, Tableau

Vue = Callable[..., HttpResponse]


def at_local_time(view: Vue) -> Vue:
    """Hours are shown and typed on the clocks of the community, wherever the server is."""

    @wraps(view)
    def wrapped(request: Requete, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(ZoneInfo(request.cpts.fuseau)):
            return view(request, *args, **kwargs)

    return wrapped


def attempt(request: Requete, action: Callable[[], Any], *, done: str = "") -> Any:
    """Run a service; its refusal becomes a message and None, its success the message `done` and its result, or True."""
    try:
        result = action()
    except ActionRefusee as refus:
        messages.error(request, str(refus))
        return None
    if done:
        messages.success(request, done)
    return True if result is None else result


def build_fil(request: Requete, tableau: Tableau | None = None, *suite: str) -> list[tuple[str, str]]:
    """The way back to the list, and to the roster."""
    slug = request.cpts.slug
    fil = [("Gardes", reverse("gardes_liste", args=[slug]))]
    if tableau is not None:
        fil.append((tableau.nom, reverse("gardes_tableau", args=[slug, tableau.pk]) if suite else ""))
    return [*fil, *((libelle, "") for libelle in suite)]
