"""Meetings: build inside `use_cpts`, with their `cpts`."""

from datetime import timedelta

import factory

from maillon.communaute.reunions.enums import Etat, Presence, PreuvePresence, TypeReunion
from maillon.communaute.reunions.models import Participation, PointOrdreDuJour, Reunion
from maillon.socle.horloge import now

from .personnes import PersonneFabrique


class ReunionFabrique(factory.django.DjangoModelFactory):
    """A working group in ten days, two hours, in preparation. Traits: `convoquee`, `tenue` (ten days ago), `sans_date`,
    `ca` (board), `ag` (general assembly)."""

    class Meta:
        model = Reunion

    type = TypeReunion.GROUPE_TRAVAIL
    titre = factory.Sequence(lambda n: f"Réunion {n}")
    debut = factory.LazyFunction(lambda: now() + timedelta(days=10))
    fin = factory.LazyAttribute(lambda reunion: reunion.debut and reunion.debut + timedelta(hours=2))
    lieu = "Maison de santé"

    class Params:
        convoquee = factory.Trait(etat=Etat.CONVOQUEE, convoquee_le=factory.LazyFunction(now))
        tenue = factory.Trait(
            etat=Etat.TENUE,
            debut=factory.LazyFunction(lambda: now() - timedelta(days=10)),
            convoquee_le=factory.LazyFunction(lambda: now() - timedelta(days=30)),
        )
        sans_date = factory.Trait(debut=None, fin=None)
        ca = factory.Trait(type=TypeReunion.CA, titre="Conseil d’administration")
        ag = factory.Trait(type=TypeReunion.AG, titre="Assemblée générale")


class ParticipationFabrique(factory.django.DjangoModelFactory):
    """Somebody invited who has not answered. Traits: `presente` (said by the organiser), `votante`."""

    class Meta:
        model = Participation

    personne = factory.SubFactory(PersonneFabrique, cpts=factory.SelfAttribute("..cpts"))

    class Params:
        presente = factory.Trait(
            presence=Presence.PRESENT, preuve=PreuvePresence.SAISIE, present_le=factory.LazyFunction(now)
        )
        votante = factory.Trait(votant=True)


class PointFabrique(factory.django.DjangoModelFactory):
    """An item of the agenda."""

    class Meta:
        model = PointOrdreDuJour

    rang = factory.Sequence(lambda n: n + 1)
    titre = factory.Sequence(lambda n: f"Point {n}")
