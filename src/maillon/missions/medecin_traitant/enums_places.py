"""The words of the census: sectors, ways of answering, campaigns, what frees time, who leaves and who comes."""

from django.db import models


class Secteur(models.TextChoices):
    """The doctor's sector of fees; OPTAM is the option by which a doctor of sector 2 moderates them."""

    UN = "1", "secteur 1"
    DEUX_OPTAM = "2o", "secteur 2 avec OPTAM"
    DEUX = "2", "secteur 2"


class Voie(models.TextChoices):
    """How what a doctor offers became known."""

    COMPTE = "compte", "par le médecin, connecté"
    LIEN = "lien", "par le médecin, par le lien reçu"
    GUICHET = "guichet", "par le guichet, au téléphone"
    SYSTEME = "systeme", "par Maillon"


class Dit(models.TextChoices):
    """What was said of places."""

    PLACES = "places", "places dites"
    CONFIRME = "confirme", "rien n’a changé"
    ARRET = "arret", "ne prend plus"
    REPRISE = "reprise", "arrêt annulé"
    DEPART = "depart", "fermé : départ du médecin"


class Fraicheur(models.TextChoices):
    FRAICHE = "fraiche", "à jour"
    A_CONFIRMER = "a_confirmer", "à confirmer"
    JAMAIS = "jamais", "sans réponse"


class Appel(models.TextChoices):
    """What a telephone call to a doctor who did not answer gave."""

    ABSENT = "absent", "pas joint"
    RAPPELER = "rappeler", "à rappeler"
    DECLINE = "decline", "ne souhaite pas répondre"


class StatutReponse(models.TextChoices):
    """Where a doctor of a campaign stands."""

    REPONDU = "repondu", "a répondu"
    DECLINE = "decline", "ne souhaite pas répondre"
    ATTENDU = "attendu", "pas encore répondu"
    A_APPELER = "a_appeler", "à appeler : aucune adresse"


class NatureRenfort(models.TextChoices):
    ASSISTANT = "assistant", "assistant médical"
    IPA = "ipa", "infirmier en pratique avancée (IPA)"
    PROTOCOLE = "protocole", "protocole de délégation"


class StatutRenfort(models.TextChoices):
    DECLARE = "declare", "déclaré"
    A_CONFIRMER = "a_confirmer", "à confirmer"


class GenreMouvement(models.TextChoices):
    RETRAITE = "retraite", "départ à la retraite"
    DEPART = "depart", "départ du territoire"
    CESSATION = "cessation", "fin d’activité"
    INSTALLATION = "installation", "installation"
    RETOUR = "retour", "retour d’absence longue"


DEPARTS = (GenreMouvement.RETRAITE, GenreMouvement.DEPART, GenreMouvement.CESSATION)
ARRIVEES = (GenreMouvement.INSTALLATION, GenreMouvement.RETOUR)


class Certitude(models.TextChoices):
    CERTAIN = "certain", "certain"
    ANNONCE = "annonce", "annoncé"
    POSSIBLE = "possible", "à confirmer"


# On its day, what is certain or announced happens by itself; what is only possible asks a person.
S_APPLIQUENT = (Certitude.CERTAIN, Certitude.ANNONCE)
