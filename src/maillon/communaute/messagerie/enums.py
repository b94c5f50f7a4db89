"""Words of the messages: kinds of conversations, states of mailings and of what leaves by MSSanté."""

from django.db import models


class Genre(models.TextChoices):
    PERSONNES = "personnes", "entre personnes"
    GROUPE = "groupe", "groupe"
    PATIENT = "patient", "autour d’un patient"


class Portee(models.TextChoices):
    MEMBRES = "membres", "Les membres de l’association"
    PERSONNES = "personnes", "Toutes les personnes connues de la communauté, partenaires et salariés compris"


class Nature(models.TextChoices):
    INFORMATION = "information", "Information : les personnes désabonnées n’en reçoivent pas"
    ASSOCIATION = "association", "Vie de l’association : tout le monde la reçoit"


class EtatEnvoi(models.TextChoices):
    BROUILLON = "brouillon", "brouillon"
    EN_COURS = "en_cours", "en cours d’envoi"
    ENVOYE = "envoye", "envoyé"


class EtatMssante(models.TextChoices):
    A_ENVOYER = "a_envoyer", "à envoyer"
    EN_COURS = "en_cours", "envoi en cours"
    ENVOYE = "envoye", "envoyé"
    REMIS = "remis", "remis"
    REFUSE = "refuse", "refusé"
    ECHEC = "echec", "échec"
    INCERTAIN = "incertain", "envoi incertain"
    ANNULE = "annule", "annulé"


# From these a person may decide to send again; what is « envoyé » waits for its report.
RENVOYABLES = (EtatMssante.REFUSE, EtatMssante.ECHEC, EtatMssante.INCERTAIN)


class Securite(models.TextChoices):
    """How the connection to a mail server is encrypted: always."""

    TLS = "smtps", "TLS dès la connexion (port 465)"
    STARTTLS = "starttls", "STARTTLS (port 587)"
