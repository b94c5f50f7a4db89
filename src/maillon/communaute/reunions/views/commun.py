"""What several pages do."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.urls import reverse

from maillon.regles.assemblees import Quorum
from maillon.socle.droits.requete import Requete
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.ui.composants import Pastille

from .. import presentation, selectors
from ..models import ActionRefusee, Reunion


def attempt(request: Requete, action: Callable[[], Any], *, done: str = "") -> bool:
    """Run a service; its refusal becomes a message and False, its success the message `done` and True."""
    try:
        action()
    except (ActionRefusee, FichierRefuse) as refus:
        messages.error(request, str(refus))
        return False
    if done:
        messages.success(request, done)
    return True


def build_fil(request: Requete, reunion: Reunion | None = None, *suite: str) -> list[tuple[str, str]]:
    """The way back to the list, and to the meeting."""
    slug = request.cpts.slug
    fil = [("Réunions", reverse("reunions:liste", args=[slug]))]
    if reunion is not None:
        url = reverse("reunions:fiche", args=[slug, reunion.pk]) if suite else ""
        fil.append((reunion.titre, url))
    return [*fil, *((libelle, "") for libelle in suite)]


def show_quorum(reunion: Reunion) -> tuple[Quorum, tuple[Pastille, str]]:
    """The quorum of a body that was convoked, and how it is said: expected, then counted."""
    convocation = reunion.convocation
    viennent, pouvoirs = selectors.count_attendus(reunion)
    quorum = selectors.compute_quorum_of(reunion, convocation)
    return quorum, presentation.say_direct(reunion, quorum, convocation, viennent=viennent, pouvoirs=pouvoirs)
