"""States of calls and solicitations."""

from django.db import models


class EtatAppel(models.TextChoices):
    OUVERT = "ouvert", "en cours"
    RESERVE = "reserve", "réservé à qui a accepté"
    POURVU = "pourvu", "pourvu"
    EPUISE = "epuise", "plus personne à solliciter"
    CLOS = "clos", "clos"


# One of these at a time for an object.
VIVANTS = (EtatAppel.OUVERT, EtatAppel.RESERVE, EtatAppel.POURVU)


class EtatSollicitation(models.TextChoices):
    PREVUE = "prevue", "prévue"
    ENVOYEE = "envoyee", "en attente de réponse"
    ACCEPTEE = "acceptee", "acceptée"
    REFUSEE = "refusee", "refusée"
    EXPIREE = "expiree", "restée sans réponse"
    RETIREE = "retiree", "retirée"


# The professional has it, or will have it.
ACTIVES = (EtatSollicitation.PREVUE, EtatSollicitation.ENVOYEE, EtatSollicitation.ACCEPTEE)


class MotifRetrait(models.TextChoices):
    AUTRE = "autre", "un autre a accepté"
    PATIENT = "patient", "la personne a dit non"
    CLOTURE = "cloture", "la demande a été close"
    REOUVERTURE = "reouverture", "la demande a été rouverte"
    GUICHET = "guichet", "retirée par le guichet"
    DESISTEMENT = "desistement", "est revenu sur son accord"
    INDISPONIBLE = "indisponible", "n’était plus disponible"
    # Planned, and the call ended before their turn.
    INUTILE = "inutile", "n’a pas eu à être sollicité"
