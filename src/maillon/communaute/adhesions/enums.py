"""States of a membership, of an application, of dues; the colleges and the offices of an association."""

from django.db import models

from maillon.communaute.personnes.enums import Instance


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
    """The colleges of a community that has not written its own."""

    MEDECINS = "medecins", "médecins"
    PROFESSIONNELS = "professionnels", "autres professionnels de santé"
    STRUCTURES = "structures", "structures de soins"
    PARTENAIRES = "partenaires", "partenaires sociaux et médico-sociaux"


class EtatCandidature(models.TextChoices):
    INVITEE = "invitee", "invitée"
    DEPOSEE = "deposee", "attend une décision"
    ACCEPTEE = "acceptee", "acceptée"
    REFUSEE = "refusee", "refusée"
    RETIREE = "retiree", "sans suite"


EN_ATTENTE = (EtatCandidature.INVITEE, EtatCandidature.DEPOSEE)
DECIDEES = (EtatCandidature.ACCEPTEE, EtatCandidature.REFUSEE)


class Origine(models.TextChoices):
    FORMULAIRE = "formulaire", "formulaire public"
    INVITATION = "invitation", "invitation"


class Organe(models.TextChoices):
    """Who decides of an application."""

    BUREAU = "bureau", "bureau"
    CA = "ca", "conseil d’administration"
    AG = "ag", "assemblée générale"


class EtatCotisation(models.TextChoices):
    DUE = "due", "due"
    PAYEE = "payee", "payée"
    EXEMPTEE = "exemptee", "exemptée"


class ModePaiement(models.TextChoices):
    VIREMENT = "virement", "virement"
    CHEQUE = "cheque", "chèque"
    CARTE = "carte", "carte bancaire"
    ESPECES = "especes", "espèces"
    PRELEVEMENT = "prelevement", "prélèvement"


class Fonction(models.TextChoices):
    """Offices that the general assembly or the council gives."""

    PRESIDENT = "president", "présidence"
    VICE_PRESIDENT = "vice_president", "vice-présidence"
    TRESORIER = "tresorier", "trésorerie"
    TRESORIER_ADJOINT = "tresorier_adj", "trésorerie adjointe"
    SECRETAIRE = "secretaire", "secrétariat général"
    SECRETAIRE_ADJOINT = "secretaire_adj", "secrétariat adjoint"
    ADMINISTRATEUR = "administrateur", "membre du conseil"


# One person at a time.
FONCTIONS_UNIQUES = (Fonction.PRESIDENT, Fonction.TRESORIER, Fonction.SECRETAIRE)


def instances_of(fonction: Fonction) -> tuple[Instance, ...]:
    """Where an office makes somebody sit: the council, and the bureau for whoever is not a mere councillor."""
    return (Instance.CA,) if fonction == Fonction.ADMINISTRATEUR else (Instance.CA, Instance.BUREAU)
