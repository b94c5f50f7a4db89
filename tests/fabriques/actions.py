"""Fiches-action and their steps: build inside `use_cpts`, with their `cpts`."""

from datetime import date

import factory

from maillon.communaute.actions.models import Action, EtapeAction


class ActionFabrique(factory.django.DjangoModelFactory):
    """A planned action of the prevention mission, over 2026."""

    class Meta:
        model = Action

    titre = factory.Sequence(lambda n: f"Dépistage itinérant {n}")
    mission = "prevention"
    debut = date(2026, 1, 5)
    fin = date(2026, 12, 18)


class EtapeFabrique(factory.django.DjangoModelFactory):
    """A step of an action given."""

    class Meta:
        model = EtapeAction

    cpts = factory.SelfAttribute("action.cpts")
    libelle = factory.Sequence(lambda n: f"Étape {n}")
    echeance = date(2026, 6, 15)
