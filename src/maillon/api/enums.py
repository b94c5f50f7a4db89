"""States of what is told to the SAS."""

from django.db import models


class EtatEnvoi(models.TextChoices):
    A_ENVOYER = "a_envoyer", "à envoyer"
    EN_COURS = "en_cours", "envoi en cours"
    ENVOYE = "envoye", "envoyé"
    REFUSE = "refuse", "refusé"
    INCERTAIN = "incertain", "envoi incertain"
    SANS_OBJET = "sans_objet", "sans objet"


# What a person must look at.
A_REGARDER = (EtatEnvoi.REFUSE, EtatEnvoi.INCERTAIN)
