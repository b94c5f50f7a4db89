"""The journal as the référent des données and the président read it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from maillon.socle.droits.permissions import acces
from maillon.socle.droits.requete import Requete
from maillon.socle.ui.composants import Onglet
from maillon.socle.ui.listes import Liste, afficher_liste

from .listes import ListeEcritures, ListeEvenements, ListeLectures
from .models import Ecriture, Entree, Lecture, LigneJournal, Sceau
from .permissions import LIRE

SOUS_TITRE = (
    "Qui a lu quelles données de patient, ce qui a été décidé et ce qui a été écrit. "
    "Personne ne peut modifier ni effacer ces lignes ; les patients y sont désignés par une référence."
)


def _show(request: Requete, slug: str, liste: type[Liste], model: type[LigneJournal]) -> HttpResponse:
    tabs = [
        Onglet(label, reverse(name, args=(slug,)), actif=request.resolver_match.url_name == name)  # type: ignore[union-attr]
        for label, name in (
            ("Lectures de données", "journal"),
            ("Événements", "journal_evenements"),
            ("Écritures", "journal_ecritures"),
        )
    ]
    cpts_id = request.cpts.pk
    seals = Sceau.objects.filter(cpts_id=cpts_id).order_by("-pk")
    contexte: dict[str, Any] = {
        "sous_titre": SOUS_TITRE,
        "onglets": tabs,
        "scelle_le": seals.values_list("scelle_le", flat=True).first(),
    }
    rows = model._default_manager.filter(cpts_id=cpts_id)
    return afficher_liste(request, liste, rows, gabarit="journal/journal.html", contexte=contexte)


@acces(LIRE)
@require_safe
def lectures(request: Requete, slug: str) -> HttpResponse:
    """Who read which patient's data, when and why."""
    return _show(request, slug, ListeLectures, Lecture)


@acces(LIRE)
@require_safe
def evenements(request: Requete, slug: str) -> HttpResponse:
    """What was decided, by whom."""
    return _show(request, slug, ListeEvenements, Entree)


@acces(LIRE)
@require_safe
def ecritures(request: Requete, slug: str) -> HttpResponse:
    """Which rows changed, as the database saw it."""
    return _show(request, slug, ListeEcritures, Ecriture)
