"""States of a fiche-action, and what may be done with one of its steps."""

from django.db import models


class Etat(models.TextChoices):
    PREVUE = "prevue", "prévue"
    EN_COURS = "en_cours", "en cours"
    REALISEE = "realisee", "réalisée"
    ABANDONNEE = "abandonnee", "abandonnée"


OUVERTES = (Etat.PREVUE, Etat.EN_COURS)

# Each way back is there too: a state may be undone.
TRANSITIONS: dict[Etat, tuple[Etat, ...]] = {
    Etat.PREVUE: (Etat.EN_COURS, Etat.ABANDONNEE),
    Etat.EN_COURS: (Etat.REALISEE, Etat.PREVUE, Etat.ABANDONNEE),
    Etat.REALISEE: (Etat.EN_COURS,),
    Etat.ABANDONNEE: (Etat.PREVUE, Etat.EN_COURS),
}


class Geste(models.TextChoices):
    """What is done with a step; each undoes another."""

    FAITE = "faite", "faite"
    A_FAIRE = "a_faire", "à faire"
    RETIRER = "retirer", "retirée"
    RETABLIR = "retablir", "rétablie"


class Lien(models.TextChoices):
    """What is done with a document of an action; each undoes the other."""

    LIER = "lier", "rattaché"
    RETIRER = "retirer", "détaché"


INVERSES = {
    Geste.FAITE: Geste.A_FAIRE,
    Geste.A_FAIRE: Geste.FAITE,
    Geste.RETIRER: Geste.RETABLIR,
    Geste.RETABLIR: Geste.RETIRER,
}
