"""Sentences of the home page: who waits for an answer, which office ends, which dues are late."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from maillon.socle.cpts.selectors import get_slug
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import accorder, compter, format_date, format_euros

from . import selectors
from .permissions import COTISATIONS, GERER_ADHESIONS, GERER_MANDATS


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Applications, offices and dues; six queries at most."""
    slug = get_slug(cpts_id)
    alertes = _candidatures(slug, acteur) if acteur.can(GERER_ADHESIONS) else []
    if acteur.can(GERER_MANDATS):
        alertes += _mandats(cpts_id, slug)
    if acteur.can(COTISATIONS):
        alertes += _cotisations(cpts_id, slug)
    return alertes


def _candidatures(slug: str, acteur: Acteur) -> list[Alerte]:
    waiting = list(selectors.list_a_decider(for_acteur=acteur).values_list("deposee_le", flat=True))
    if not waiting:
        return []
    nombre = len(waiting)
    phrase = f"{compter(nombre, 'candidature attend', 'candidatures attendent')} une décision du bureau."
    return [Alerte("attend", phrase, reverse("adhesions_decider", args=[slug]), nombre, waiting[0])]


def _mandats(cpts_id: UUID, slug: str) -> list[Alerte]:
    adresse, on = reverse("adhesions_mandats", args=[slug]), today()
    alertes = []
    for mandat in selectors.list_qui_finissent(cpts_id, on=on):
        over = mandat.periode.upper <= on
        phrase = (
            f"Le mandat de {mandat.personne} ({mandat.get_fonction_display()}) "
            f"{'a fini' if over else 'finit'} le {format_date(mandat.dernier_jour, jour=False)}, sans suite notée."
        )
        alertes.append(Alerte("expire", phrase, adresse, 1, mandat.dernier_jour, urgente=over))
    return alertes


def _cotisations(cpts_id: UUID, slug: str) -> list[Alerte]:
    nombre, somme = selectors.count_retards(cpts_id, on=today())
    if not nombre:
        return []
    phrase = (
        f"{compter(nombre, 'cotisation', 'cotisations')} en retard {accorder(nombre, 'reste', 'restent')} à payer : "
        f"{format_euros(somme)}."
    )
    return [Alerte("attend", phrase, reverse("adhesions_cotisations", args=[slug]) + "?retard=oui", nombre)]
