"""Kinds and states of meetings, answers and attendance."""

from django.db import models


class TypeReunion(models.TextChoices):
    AG = "ag", "assemblée générale"
    CA = "ca", "conseil d’administration"
    BUREAU = "bureau", "bureau"
    COMMISSION = "commission", "commission"
    GROUPE_TRAVAIL = "groupe_travail", "groupe de travail"
    CERCLE_QUALITE = "cercle_qualite", "cercle de qualité"
    ATELIER = "atelier", "atelier"


# Bodies of the statutes: convocation delay, quorum, proxies and votes.
STATUTAIRES = (TypeReunion.AG, TypeReunion.CA, TypeReunion.BUREAU)


class Etat(models.TextChoices):
    PREPARATION = "preparation", "en préparation"
    CONVOQUEE = "convoquee", "convoquée"
    TENUE = "tenue", "tenue"
    ANNULEE = "annulee", "annulée"


TRANSITIONS: dict[Etat, frozenset[Etat]] = {
    Etat.PREPARATION: frozenset({Etat.CONVOQUEE, Etat.TENUE, Etat.ANNULEE}),
    Etat.CONVOQUEE: frozenset({Etat.TENUE, Etat.ANNULEE}),
    Etat.TENUE: frozenset(),
    Etat.ANNULEE: frozenset(),
}


class Reponse(models.TextChoices):
    ATTENDUE = "attendue", "sans réponse"
    OUI = "oui", "vient"
    NON = "non", "ne vient pas"
    PEUT_ETRE = "peut_etre", "peut-être"


class Presence(models.TextChoices):
    INCONNUE = "inconnue", "non relevée"
    PRESENT = "present", "présent"
    ABSENT = "absent", "absent"
    EXCUSE = "excuse", "excusé"


class PreuvePresence(models.TextChoices):
    QR = "qr", "code QR scanné"
    TABLETTE = "tablette", "liste signée sur tablette"
    PAPIER = "papier", "feuille signée numérisée"
    LIEN = "lien", "lien personnel"
    SAISIE = "saisie", "saisie de l’organisateur"
