"""Professionals and their places."""

import factory

from maillon.communaute.annuaire.enums import MEDECINE_GENERALE, ModeExercice, Profession
from maillon.communaute.annuaire.models import Activite, Professionnel

from .territoire import CommuneFabrique


class ProfessionnelFabrique(factory.django.DjangoModelFactory):
    """An invented nurse, with an RPPS number of an impossible range.

    Traits: `generaliste`, `specialiste` (cardiology), `a_saint_etienne` (an activity there).
    """

    class Meta:
        model = Professionnel
        skip_postgeneration_save = True

    rpps = factory.Sequence(lambda n: f"998{n:08d}")
    nom = factory.Sequence(lambda n: f"Martin {n}")
    prenom = "Dominique"
    profession = Profession.INFIRMIER
    fictif = True

    class Params:
        generaliste = factory.Trait(profession=Profession.MEDECIN, savoir_faire=[MEDECINE_GENERALE])
        specialiste = factory.Trait(profession=Profession.MEDECIN, savoir_faire=["SM04"])
        a_saint_etienne = factory.Trait(
            activite=factory.RelatedFactory("fabriques.annuaire.ActiviteFabrique", "professionnel")
        )


class ActiviteFabrique(factory.django.DjangoModelFactory):
    """A practice in Saint-Étienne."""

    class Meta:
        model = Activite

    professionnel = factory.SubFactory(ProfessionnelFabrique)
    mode_exercice = ModeExercice.LIBERAL
    commune = factory.SubFactory(CommuneFabrique)
