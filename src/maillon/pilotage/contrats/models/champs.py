"""Columns that several models share."""

from typing import Any

from django.db import models


def euros(libelle: str, **options: Any) -> models.DecimalField:
    """Euros and cents."""
    return models.DecimalField(libelle, max_digits=12, decimal_places=2, **options)


def euros_propres(libelle: str) -> models.DecimalField:
    """An amount written in the contract itself; empty, the scale gives it."""
    return euros(libelle, null=True, blank=True)


def valeur(libelle: str, **options: Any) -> models.DecimalField:
    """A value in the indicator's unit."""
    return models.DecimalField(libelle, max_digits=14, decimal_places=4, **options)
