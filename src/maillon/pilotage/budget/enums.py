from django.db import models

FONCTIONNEMENT = "fonctionnement"


class Poste(models.TextChoices):
    """Where a spending weighs: the running of the community, or a mission of the accord."""

    FONCTIONNEMENT = FONCTIONNEMENT, "Fonctionnement"
    ACCES = "acces", "Accès aux soins"
    PARCOURS = "parcours", "Parcours pluriprofessionnels"
    PREVENTION = "prevention", "Prévention"
    CRISE = "crise", "Crise sanitaire"
    QUALITE = "qualite", "Qualité et pertinence"
    ACCOMPAGNEMENT = "accompagnement", "Accompagnement des professionnels"


class Categorie(models.TextChoices):
    SALAIRES = "salaires", "Salaires et charges"
    LOCAUX = "locaux", "Locaux"
    LOGICIELS = "logiciels", "Logiciels et matériel"
    INDEMNITES = "indemnites", "Indemnités et rémunérations"
    PRESTATIONS = "prestations", "Prestations"
    COMMUNICATION = "communication", "Communication"
    FORMATION = "formation", "Formation"
    REUNIONS = "reunions", "Frais de réunion"
    AUTRE = "autre", "Autre"


class SensOperation(models.TextChoices):
    DEPENSE = "depense", "Dépense"
    RECETTE = "recette", "Recette"


class EtatOperation(models.TextChoices):
    ENGAGEE = "engagee", "engagée"
    PAYEE = "payee", "payée"
    ANNULEE = "annulee", "annulée"


class EtatImport(models.TextChoices):
    PREPARE = "prepare", "à vérifier"
    APPLIQUE = "applique", "importé"
    ABANDONNE = "abandonne", "abandonné"


# A paid operation never changes: it is reversed by another.
TRANSITIONS: dict[EtatOperation, frozenset[EtatOperation]] = {
    EtatOperation.ENGAGEE: frozenset({EtatOperation.PAYEE, EtatOperation.ANNULEE}),
    EtatOperation.ANNULEE: frozenset({EtatOperation.ENGAGEE}),
    EtatOperation.PAYEE: frozenset(),
}
