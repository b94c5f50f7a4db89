from django.db import models

from maillon.regles.aci.cycle import Etape as EtapeRegle
from maillon.regles.aci.cycle import EtatEcheance as EtatRegle
from maillon.regles.aci.cycle import GenreEcheance as GenreRegle


class NatureJalon(models.TextChoices):
    """What may happen in the life of a community."""

    LETTRE = "lettre", "Lettre d’intention envoyée"
    AIDE = "aide", "Aide de l’ARS au démarrage reçue"
    DEPOT = "depot", "Projet de santé déposé"
    OPPOSITION = "opposition", "Opposition de l’ARS au projet de santé"
    DEPOT_REVISE = "depot_revise", "Projet de santé révisé déposé"
    VALIDATION = "validation", "Projet de santé validé par l’ARS"
    ACI = "aci", "Contrat signé par les trois parties"
    AVENANT = "avenant", "Avenant signé"
    DIALOGUE = "dialogue", "Dialogue de gestion tenu"
    RENOUVELLEMENT_DEMANDE = "renouvellement_demande", "Renouvellement demandé"
    RENOUVELLEMENT = "renouvellement", "Nouveau contrat signé (renouvellement)"
    RESILIATION = "resiliation", "Contrat résilié, ou projet abandonné"
    DOCUMENT = "document", "Document à durée limitée"
    AUTRE = "autre", "Autre fait marquant"


# At most one valid in a cycle.
UNIQUES = (
    NatureJalon.LETTRE,
    NatureJalon.DEPOT,
    NatureJalon.VALIDATION,
    NatureJalon.ACI,
    NatureJalon.RENOUVELLEMENT_DEMANDE,
    NatureJalon.RENOUVELLEMENT,
    NatureJalon.RESILIATION,
)
# Signed by the three parties.
SIGNEES = (NatureJalon.ACI, NatureJalon.AVENANT, NatureJalon.RENOUVELLEMENT)
# Which date of the cycle a milestone gives: the database keeps these dates in the order of the law.
DATES_DU_CYCLE: dict[str, str] = {
    NatureJalon.LETTRE: "lettre_le",
    NatureJalon.DEPOT: "depot_le",
    NatureJalon.VALIDATION: "validation_le",
    NatureJalon.ACI: "signature_le",
    NatureJalon.RENOUVELLEMENT: "signature_le",
    NatureJalon.RESILIATION: "resiliation_le",
}


class Partie(models.TextChoices):
    """The parties of the contract."""

    CPTS = "cpts", "la CPTS"
    ASSURANCE_MALADIE = "assurance_maladie", "l’Assurance Maladie"
    ARS = "ars", "l’ARS"


class Organisme(models.TextChoices):
    """Whose act a milestone is."""

    CPTS = "cpts", "la CPTS"
    ASSURANCE_MALADIE = "assurance_maladie", "l’Assurance Maladie"
    ARS = "ars", "l’ARS"
    TOUS = "tous", "les trois parties"


ORGANISMES: dict[str, Organisme] = {
    NatureJalon.AIDE: Organisme.ARS,
    NatureJalon.OPPOSITION: Organisme.ARS,
    NatureJalon.VALIDATION: Organisme.ARS,
    NatureJalon.ACI: Organisme.TOUS,
    NatureJalon.AVENANT: Organisme.TOUS,
    NatureJalon.DIALOGUE: Organisme.TOUS,
    NatureJalon.RENOUVELLEMENT: Organisme.TOUS,
}


class Etape(models.TextChoices):
    """The steps of `regles.aci.cycle`, with their words."""

    PREPARATION = EtapeRegle.PREPARATION.value, "en préparation"
    LETTRE = EtapeRegle.LETTRE.value, "lettre d’intention envoyée"
    PROJET_DEPOSE = EtapeRegle.PROJET_DEPOSE.value, "projet de santé déposé"
    PROJET_VALIDE = EtapeRegle.PROJET_VALIDE.value, "projet de santé validé"
    SIGNE = EtapeRegle.SIGNE.value, "contrat signé"
    DEMARRE = EtapeRegle.DEMARRE.value, "missions démarrées"
    DEPLOYE = EtapeRegle.DEPLOYE.value, "missions déployées"
    TERMINE = EtapeRegle.TERMINE.value, "terminé"


# Before any contract.
ETAPES_DU_PROJET = (Etape.PREPARATION, Etape.LETTRE, Etape.PROJET_DEPOSE, Etape.PROJET_VALIDE)


class EtatEcheance(models.TextChoices):
    TENUE = EtatRegle.TENUE.value, "faite"
    A_VENIR = EtatRegle.A_VENIR.value, "à venir"
    PROCHE = EtatRegle.PROCHE.value, "proche"
    DEPASSEE = EtatRegle.DEPASSEE.value, "dépassée"


class GenreEcheance(models.TextChoices):
    VALIDATION = GenreRegle.VALIDATION.value, "validation du projet"
    DEMARRAGE = GenreRegle.DEMARRAGE.value, "démarrage de mission"
    DEPLOIEMENT = GenreRegle.DEPLOIEMENT.value, "déploiement de mission"
    ANNIVERSAIRE = GenreRegle.ANNIVERSAIRE.value, "anniversaire"
    DIALOGUE = GenreRegle.DIALOGUE.value, "dialogue de gestion"
    RENOUVELLEMENT = GenreRegle.RENOUVELLEMENT.value, "renouvellement"
    FIN = GenreRegle.FIN.value, "fin du contrat"
    DOCUMENT = GenreRegle.DOCUMENT.value, "document"
