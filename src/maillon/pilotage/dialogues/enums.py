"""States of a dialogue de gestion, who speaks, what they say; and the one table of transitions."""

from django.db import models


class Etat(models.TextChoices):
    PREPARE = "prepare", "en préparation"
    TRANSMIS = "transmis", "transmis, à lire"
    EN_DISCUSSION = "en_discussion", "en discussion"
    TENU = "tenu", "tenu, compte rendu à signer"
    CLOS = "clos", "clos"


# A transmission is taken back while nobody has given an opinion (`services.withdraw_dialogue` checks it); a dialogue
# that was held reopens when a party has something to add; a closed one never changes again.
TRANSITIONS: dict[Etat, frozenset[Etat]] = {
    Etat.PREPARE: frozenset({Etat.TRANSMIS}),
    Etat.TRANSMIS: frozenset({Etat.PREPARE, Etat.EN_DISCUSSION, Etat.TENU}),
    Etat.EN_DISCUSSION: frozenset({Etat.TENU}),
    Etat.TENU: frozenset({Etat.EN_DISCUSSION, Etat.CLOS}),
    Etat.CLOS: frozenset(),
}
# States in which the CPAM and the ARS may give an opinion; the database refuses one in any other.
DISCUTABLES = (Etat.TRANSMIS, Etat.EN_DISCUSSION)
# States in which both sides work on it.
OUVERTS = (Etat.TRANSMIS, Etat.EN_DISCUSSION, Etat.TENU)


class Rang(models.IntegerChoices):
    """Two dialogues a contract year."""

    MI_ANNEE = 1, "mi-année"
    EVALUATION = 2, "évaluation"


class Organisme(models.TextChoices):
    """Who gives an opinion."""

    CPAM = "cpam", "CPAM"
    ARS = "ars", "ARS"

    @property
    def avec_article(self) -> str:
        """« la CPAM », « l’ARS »."""
        return "la CPAM" if self is Organisme.CPAM else "l’ARS"


class Position(models.TextChoices):
    ACCEPTE = "accepte", "accepte"
    CONTESTE = "conteste", "conteste"
    QUESTION = "question", "pose une question"
    # An opinion is never erased: it is taken back by another one.
    RETIRE = "retire", "retire son avis"


class Porteur(models.TextChoices):
    """Who carries a decision out."""

    CPTS = "cpts", "la communauté"
    CPAM = "cpam", "la CPAM"
    ARS = "ars", "l’ARS"
