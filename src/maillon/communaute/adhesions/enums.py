"""States of a membership and the colleges of an association."""

from django.db import models


class Etat(models.TextChoices):
    DEMANDEE = "demandee", "demandée"
    ACTIVE = "active", "active"
    TERMINEE = "terminee", "terminée"


TRANSITIONS: dict[Etat, frozenset[Etat]] = {
    Etat.DEMANDEE: frozenset({Etat.ACTIVE, Etat.TERMINEE}),
    Etat.ACTIVE: frozenset({Etat.TERMINEE}),
    Etat.TERMINEE: frozenset(),
}


class College(models.TextChoices):
    MEDECINS = "medecins", "médecins"
    PROFESSIONNELS = "professionnels", "autres professionnels de santé"
    STRUCTURES = "structures", "structures de soins"
    PARTENAIRES = "partenaires", "partenaires sociaux et médico-sociaux"
