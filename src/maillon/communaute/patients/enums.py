"""Words of the patient's room."""

from django.db import models


class Origine(models.TextChoices):
    """Who first brought the patient's data."""

    PUBLIC = "public", "formulaire public"
    AIDANT = "aidant", "proche ou aidant"
    ACCUEIL = "accueil", "accueil de la communauté"
    PROFESSIONNEL = "professionnel", "professionnel de santé"
    PARTENAIRE = "partenaire", "partenaire"
