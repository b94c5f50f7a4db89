"""Where a convention stands."""

from django.db import models


class EtatConvention(models.TextChoices):
    A_SIGNER = "a_signer", "à signer"
    EN_VIGUEUR = "en_vigueur", "en vigueur"
    A_RENOUVELER = "a_renouveler", "à renouveler"
    ECHUE = "echue", "échue"
    RESILIEE = "resiliee", "résiliée"
