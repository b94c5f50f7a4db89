"""What a group of people is."""

from django.db import models


class GenreGroupe(models.TextChoices):
    INSTANCE = "instance", "instance (conseil d’administration, bureau)"
    COMMISSION = "commission", "commission"
    GROUPE_TRAVAIL = "groupe_travail", "groupe de travail"
    CERCLE_QUALITE = "cercle_qualite", "cercle de qualité"
    LISTE = "liste", "liste de diffusion"


class Instance(models.TextChoices):
    """The bodies that the statutes name; who sits there comes from the offices held."""

    CA = "ca", "conseil d’administration"
    BUREAU = "bureau", "bureau"
