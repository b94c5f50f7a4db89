"""Kinds of places."""

from django.db import models


class TypeCommune(models.TextChoices):
    COMMUNE = "commune", "commune"
    ARRONDISSEMENT_MUNICIPAL = "arrondissement_municipal", "arrondissement municipal"


class Niveau(models.TextChoices):
    """The areas that a map can show."""

    COMMUNE = "commune", "commune"
    DEPARTEMENT = "departement", "département"
