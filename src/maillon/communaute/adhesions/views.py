"""The members' page."""

from django.http import HttpRequest, HttpResponse

from maillon.socle.droits.permissions import acces
from maillon.socle.horloge import today
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import format_nombre

from . import selectors
from .listes import ListeMembres
from .permissions import VOIR_MEMBRES


@acces(VOIR_MEMBRES)
def membres(request: HttpRequest, slug: str) -> HttpResponse:
    """Members of the community today: search, filters, export."""
    cpts_id, acteur = request.cpts.pk, request.acteur  # type: ignore[attr-defined]
    adhesions = selectors.with_places(selectors.members(cpts_id, on=today()).visible_to(acteur))
    effectifs = selectors.count_by_profession(cpts_id, on=today())
    contexte = {
        "fil": [("Communauté", ""), ("Membres", "")],
        "sous_titre": ", ".join(f"{format_nombre(e.nombre)} {e.libelle}" for e in effectifs),
    }
    return afficher_liste(request, ListeMembres, adhesions, contexte=contexte)
