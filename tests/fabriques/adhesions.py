"""Memberships: build inside `use_cpts`, with their `cpts`."""

from datetime import date

import factory

from maillon.communaute.adhesions.enums import College, Etat
from maillon.communaute.adhesions.models import Adhesion

from .annuaire import ProfessionnelFabrique
from .structures import StructureFabrique


class AdhesionFabrique(factory.django.DjangoModelFactory):
    """A professional, member since 2023. Traits: `demandee`, `terminee` (at the end of 2024), `de_structure`."""

    class Meta:
        model = Adhesion

    professionnel = factory.SubFactory(ProfessionnelFabrique)
    college = College.PROFESSIONNELS
    etat = Etat.ACTIVE
    debut = date(2023, 1, 9)

    class Params:
        demandee = factory.Trait(etat=Etat.DEMANDEE, debut=None)
        terminee = factory.Trait(etat=Etat.TERMINEE, fin=date(2025, 1, 1))
        de_structure = factory.Trait(
            professionnel=None, structure=factory.SubFactory(StructureFabrique), college=College.STRUCTURES
        )
