"""People and groups: build inside `use_cpts`, with their `cpts`."""

from datetime import date

import factory

from maillon.communaute.personnes.enums import GenreGroupe
from maillon.communaute.personnes.models import Appartenance, Groupe, Personne


class PersonneFabrique(factory.django.DjangoModelFactory):
    """Somebody with a mail address, neither professional nor account unless given."""

    class Meta:
        model = Personne

    prenom = "Maël"
    nom = factory.Sequence(lambda n: f"Ferrand {n}")
    courriel = factory.Sequence(lambda n: f"mael.ferrand.{n}@example.org")


class GroupeFabrique(factory.django.DjangoModelFactory):
    class Meta:
        model = Groupe

    nom = factory.Sequence(lambda n: f"Groupe {n}")
    genre = GenreGroupe.GROUPE_TRAVAIL


class AppartenanceFabrique(factory.django.DjangoModelFactory):
    class Meta:
        model = Appartenance

    depuis = date(2024, 1, 1)
