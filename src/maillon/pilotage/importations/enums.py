from django.db import models


class EtatImportation(models.TextChoices):
    A_VERIFIER = "a_verifier", "à vérifier"
    CONFIRMEE = "confirmee", "enregistrée"
    ABANDONNEE = "abandonnee", "abandonnée"


TRANSITIONS = {EtatImportation.A_VERIFIER: {EtatImportation.CONFIRMEE, EtatImportation.ABANDONNEE}}


class Organisme(models.TextChoices):
    """Who establishes the figures of a file."""

    ASSURANCE_MALADIE = "assurance_maladie", "l’Assurance Maladie (CPAM, CNAM)"
    ARS = "ars", "l’ARS"
    AUTRE = "autre", "un autre organisme"


class Issue(models.TextChoices):
    """What a row of a file does."""

    AJOUT = "ajout", "ajoutée"
    CORRECTION = "correction", "corrigée"
    INCHANGEE = "inchangee", "inchangée"
    SECRET = "secret", "secret statistique"
    REFUSEE = "refusee", "refusée"


# Rows that write a value.
ECRITES = (Issue.AJOUT, Issue.CORRECTION)
