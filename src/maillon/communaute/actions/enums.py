"""States of a fiche-action."""

from django.db import models


class Etat(models.TextChoices):
    PREVUE = "prevue", "prévue"
    EN_COURS = "en_cours", "en cours"
    REALISEE = "realisee", "réalisée"
    ABANDONNEE = "abandonnee", "abandonnée"
