"""Communities."""

import factory

from maillon.socle.cpts.models import Cpts


class CptsFabrique(factory.django.DjangoModelFactory):
    """A community of the Loire."""

    class Meta:
        model = Cpts

    slug = factory.Sequence(lambda n: f"cpts-{n}")
    nom = factory.Sequence(lambda n: f"CPTS d’essai {n}")
    departement = "42"
    region = "84"
