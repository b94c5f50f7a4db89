"""What several pages do."""

from functools import partial

from django.urls import reverse

from maillon.socle.droits.requete import Requete
from maillon.socle.ui import annonces

from ..models import ActionRefusee, Tableau

attempt = partial(annonces.attempt, refus=ActionRefusee)


def build_fil(request: Requete, tableau: Tableau | None = None, *suite: str) -> list[tuple[str, str]]:
    """The way back to the list, and to the roster."""
    slug = request.cpts.slug
    fil = [("Gardes", reverse("gardes_liste", args=[slug]))]
    if tableau is not None:
        fil.append((tableau.nom, reverse("gardes_tableau", args=[slug, tableau.pk]) if suite else ""))
    return [*fil, *((libelle, "") for libelle in suite)]
