"""What several pages do."""

from collections.abc import Callable
from typing import Any

from django.http import Http404

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.droits.requete import Requete
from maillon.socle.ui import annonces

from ..models import ActionRefusee
from ..selectors import get_professionnel


def attempt(request: Requete, action: Callable[[], Any]) -> Any:
    """Run a service; its refusal becomes a message and None."""
    return annonces.attempt(request, action, refus=ActionRefusee)


def get_self(request: Requete) -> Professionnel:
    """The directory's professional behind the account; 404 when the account has no RPPS number."""
    professionnel = get_professionnel(request.acteur)
    if professionnel is None:
        raise Http404
    return professionnel
