"""Structures and partnerships."""

from datetime import date

import factory

from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Partenariat, Structure

from .territoire import CommuneFabrique


class StructureFabrique(factory.django.DjangoModelFactory):
    """An invented MSP of Saint-Étienne."""

    class Meta:
        model = Structure

    type = TypeStructure.MSP
    nom = factory.Sequence(lambda n: f"Maison de santé d’essai {n}")
    commune = factory.SubFactory(CommuneFabrique)
    fictive = True

    class Params:
        laboratoire = factory.Trait(type=TypeStructure.LABORATOIRE, nom="Laboratoire des Deux Amants")
        ehpad = factory.Trait(type=TypeStructure.EHPAD, nom="EHPAD Les Glycines", lits=82)


class PartenariatFabrique(factory.django.DjangoModelFactory):
    """Build inside `use_cpts`, with its `cpts`."""

    class Meta:
        model = Partenariat

    structure = factory.SubFactory(StructureFabrique)
    depuis = date(2022, 1, 1)
