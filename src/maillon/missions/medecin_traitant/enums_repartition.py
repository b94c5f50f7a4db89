"""States of an assignment of the waiting list, decisions of the desk, and why something was not sent."""

from django.db import models


class EtatRepartition(models.TextChoices):
    EN_CALCUL = "en_calcul", "calcul en cours"
    A_REVOIR = "a_revoir", "à relire"
    EN_ENVOI = "en_envoi", "envoi en cours"
    ENVOYEE = "envoyee", "envoyée"
    ABANDONNEE = "abandonnee", "abandonnée"
    ECHEC = "echec", "calcul arrêté"


VIVANTES = (EtatRepartition.EN_CALCUL, EtatRepartition.A_REVOIR, EtatRepartition.EN_ENVOI)
TRANSITIONS_REPARTITION: dict[EtatRepartition, frozenset[EtatRepartition]] = {
    EtatRepartition.EN_CALCUL: frozenset(
        {EtatRepartition.A_REVOIR, EtatRepartition.ECHEC, EtatRepartition.ABANDONNEE},
    ),
    EtatRepartition.A_REVOIR: frozenset(
        {EtatRepartition.EN_CALCUL, EtatRepartition.EN_ENVOI, EtatRepartition.ABANDONNEE},
    ),
    EtatRepartition.EN_ENVOI: frozenset({EtatRepartition.ENVOYEE}),
    EtatRepartition.ENVOYEE: frozenset(),
    EtatRepartition.ABANDONNEE: frozenset(),
    EtatRepartition.ECHEC: frozenset(),
}


class Decision(models.TextChoices):
    """What the desk says of a line; all but the first hold when the rest is computed again."""

    PROPOSEE = "proposee", "proposée par le calcul"
    GARDER = "garder", "gardée"
    CHANGER = "changer", "médecin changé"
    RETIRER = "retirer", "retirée"


class Issue(models.TextChoices):
    """What the sending made of a line."""

    A_ENVOYER = "a_envoyer", "à envoyer"
    ENVOYEE = "envoyee", "envoyée"
    SAUTEE = "sautee", "non envoyée"


class Saut(models.TextChoices):
    """Why a line was not sent: something changed between the computation and the sending."""

    CLOSE = "close", "la demande a été close"
    DEJA = "deja", "la demande était déjà proposée à un médecin"
    CORRIGEE = "corrigee", "la situation de la personne a été corrigée"
    COMPLET = "complet", "le médecin n’a plus de place"
    REFUS = "refus", "le médecin a déjà reçu ou refusé cette demande"
    INDISPONIBLE = "indisponible", "le médecin ne peut plus être sollicité"


class Niveaux(models.TextChoices):
    """Which requests of the waiting list take part."""

    TOUTES = "toutes", "Toute la liste d’attente"
    MOYENNES = "moyennes", "Priorité haute et moyenne"
    HAUTES = "hautes", "Priorité haute seulement"


PRIORITES = {
    Niveaux.TOUTES: ("haute", "moyenne", "normale"),
    Niveaux.MOYENNES: ("haute", "moyenne"),
    Niveaux.HAUTES: ("haute",),
}
