"""The members' page."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.horloge import today
from maillon.socle.ui.listes import afficher_liste
from maillon.socle.ui.typographie import INSECABLE, format_nombre

from . import selectors
from .listes import ListeMembres
from .permissions import VOIR_MEMBRES


def join_words(words: list[str]) -> str:
    """« a, b et c »."""
    return " et ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@acces(VOIR_MEMBRES)
@require_safe
def membres(request: Requete, slug: str) -> HttpResponse:
    """Members of the community today: search, filters, export."""
    cpts_id, acteur = request.cpts.pk, request.acteur
    adhesions = selectors.with_places(selectors.members(cpts_id, on=today()).visible_to(acteur))
    effectifs = selectors.count_by_profession(cpts_id, on=today())
    contexte = {
        "fil": [("Communauté", ""), ("Membres", "")],
        "sous_titre": join_words([f"{format_nombre(e.nombre)}{INSECABLE}{e.libelle}" for e in effectifs]),
    }
    return afficher_liste(request, ListeMembres, adhesions, contexte=contexte)
