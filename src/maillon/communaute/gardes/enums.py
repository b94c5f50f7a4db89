"""States, kinds and words of duty rosters, with their tables of transitions."""

from django.db import models


class EtatTableau(models.TextChoices):
    """A roster is prepared, gathers wishes, is built, is published, is over."""

    BROUILLON = "brouillon", "en préparation"
    VOEUX = "voeux", "vœux ouverts"
    CALCUL = "calcul", "à construire"
    PUBLIE = "publie", "publié"
    CLOS = "clos", "terminé"


TRANSITIONS_TABLEAU: dict[EtatTableau, frozenset[EtatTableau]] = {
    EtatTableau.BROUILLON: frozenset({EtatTableau.VOEUX, EtatTableau.CALCUL}),
    EtatTableau.VOEUX: frozenset({EtatTableau.CALCUL, EtatTableau.BROUILLON}),
    EtatTableau.CALCUL: frozenset({EtatTableau.VOEUX, EtatTableau.PUBLIE}),
    EtatTableau.PUBLIE: frozenset({EtatTableau.CLOS}),
    EtatTableau.CLOS: frozenset({EtatTableau.PUBLIE}),
}
# The need may still change, and duties are drafts.
EN_CONSTRUCTION = (EtatTableau.BROUILLON, EtatTableau.VOEUX, EtatTableau.CALCUL)
# What everybody reads.
OFFICIELS = (EtatTableau.PUBLIE, EtatTableau.CLOS)


class GenrePoste(models.TextChoices):
    """Which kind of day a shift weighs on: each kind is shared out fairly."""

    SEMAINE = "semaine", "semaine"
    SAMEDI = "samedi", "samedi"
    DIMANCHE = "dimanche", "dimanche"
    FERIE = "ferie", "jour férié"


class Feries(models.TextChoices):
    """What a pattern does on public holidays."""

    COMME_DIMANCHE = "garde", "une garde, comptée à part"
    SANS = "sans", "pas de garde"


class Choix(models.TextChoices):
    """What a person says of a day. The first is kept without exception, the others as far as possible."""

    INDISPONIBLE = "indisponible", "je ne peux pas"
    SOUHAITE = "souhaite", "j’aimerais"
    EVITE = "evite", "j’éviterais"


class EtatVariante(models.TextChoices):
    EN_CALCUL = "en_calcul", "calcul en cours"
    PRETE = "prete", "prête"
    ECHEC = "echec", "calcul arrêté"


class NatureVariante(models.TextChoices):
    COMPLETE = "complete", "tableau entier"
    REMPLACEMENT = "remplacement", "au plus près du tableau en place"


class EtatGarde(models.TextChoices):
    PROJET = "projet", "en projet"
    PUBLIEE = "publiee", "prévue"
    TENUE = "tenue", "tenue"
    NON_TENUE = "non_tenue", "pas tenue"
    RETIREE = "retiree", "retirée"


TRANSITIONS_GARDE: dict[EtatGarde, frozenset[EtatGarde]] = {
    EtatGarde.PROJET: frozenset({EtatGarde.PUBLIEE}),
    EtatGarde.PUBLIEE: frozenset({EtatGarde.TENUE, EtatGarde.NON_TENUE, EtatGarde.RETIREE}),
    EtatGarde.TENUE: frozenset({EtatGarde.PUBLIEE, EtatGarde.NON_TENUE}),
    EtatGarde.NON_TENUE: frozenset({EtatGarde.PUBLIEE, EtatGarde.TENUE}),
    EtatGarde.RETIREE: frozenset(),
}
# What stands in the professional's time, over all communities: two of these never overlap.
OFFICIELLES = (EtatGarde.PUBLIEE, EtatGarde.TENUE)
# What takes a place of the roster.
VIVANTES = (EtatGarde.PROJET, EtatGarde.PUBLIEE, EtatGarde.TENUE, EtatGarde.NON_TENUE)


class OrigineGarde(models.TextChoices):
    """How somebody came to hold a duty."""

    CALCUL = "calcul", "calcul"
    MAIN = "main", "à la main"
    ECHANGE = "echange", "échange"
    REPRISE = "reprise", "reprise d’une garde"
    VOLONTAIRE = "volontaire", "appel à volontaires"
    REMPLACEMENT = "remplacement", "remplacement"


class GenreEchange(models.TextChoices):
    REPRISE = "reprise", "reprise"
    ECHANGE = "echange", "échange"


class EtatEchange(models.TextChoices):
    PROPOSE = "propose", "attend une réponse"
    ACCEPTE = "accepte", "accepté"
    REFUSE = "refuse", "refusé"
    RETIRE = "retire", "retiré"


class MotifRefus(models.TextChoices):
    """Why a professional does not take an open duty."""

    PRIS = "pris", "Je suis pris"
    TROP = "trop", "J’ai déjà assez de gardes"
    AUTRE = "autre", "Autre raison"
