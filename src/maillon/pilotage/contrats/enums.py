from django.db import models

from maillon.regles.aci import Genre


class EtatContrat(models.TextChoices):
    BROUILLON = "brouillon", "en préparation"
    ACTIF = "actif", "en vigueur"
    CLOS = "clos", "terminé"


# States in which a contract occupies its period: one at a time for a community.
ETATS_EN_VIGUEUR = (EtatContrat.ACTIF, EtatContrat.CLOS)


class StatutMission(models.TextChoices):
    PREVUE = "prevue", "prévue, pas encore démarrée"
    DEMARREE = "demarree", "démarrée"
    DEPLOYEE = "deployee", "déployée"


class CodeMission(models.TextChoices):
    """The missions of the accord; `regles.aci.Mission` holds the same codes."""

    ACCES = "acces", "Accès aux soins"
    PARCOURS = "parcours", "Parcours pluriprofessionnels"
    PREVENTION = "prevention", "Prévention"
    CRISE = "crise", "Crise sanitaire"
    QUALITE = "qualite", "Qualité et pertinence"
    ACCOMPAGNEMENT = "accompagnement", "Accompagnement des professionnels"


class Nature(models.TextChoices):
    """Kinds of indicator met in real annexes."""

    STOCK_BAISSE = "stock_baisse", "stock à faire baisser"
    TAUX = "taux", "taux"
    SEUIL = "seuil", "seuil à franchir"
    LIVRABLE = "livrable", "livrable, tout ou rien"
    COMPTE = "compte", "compte d’actes"

    @property
    def genre(self) -> Genre:
        """The kind that the rules know: a count is a threshold that goes up."""
        return GENRES[self]


GENRES = {
    Nature.STOCK_BAISSE: Genre.STOCK,
    Nature.TAUX: Genre.TAUX,
    Nature.SEUIL: Genre.SEUIL,
    Nature.LIVRABLE: Genre.LIVRABLE,
    Nature.COMPTE: Genre.SEUIL,
}


class SensIndicateur(models.TextChoices):
    BAISSE = "baisse", "à la baisse"
    HAUSSE = "hausse", "à la hausse"


class EtatConstat(models.TextChoices):
    DECLARE = "declare", "déclaré, à confirmer"
    CERTIFIE = "certifie", "certifié"


class EtatBrouillon(models.TextChoices):
    """A guided entry of a contract: under way, become a contract, or given up."""

    OUVERT = "ouvert", "en cours"
    ENREGISTRE = "enregistre", "enregistrée"
    ABANDONNE = "abandonne", "abandonnée"


class NatureVersement(models.TextChoices):
    TOTALITE = "totalite", "fonctionnement de la première année"
    AVANCE = "avance", "avance"
    SOLDE = "solde", "solde"
    VARIABLE = "variable", "part variable"
    ACTIVATION = "activation", "crise reconnue"
    AIDE = "aide", "aide de l’ARS"
    REMBOURSEMENT = "remboursement", "remboursement"


RECETTES = tuple(nature.value for nature in NatureVersement if nature != NatureVersement.REMBOURSEMENT)


class GenreDecision(models.TextChoices):
    EVALUATION = "evaluation", "évaluation de l’année"
    ACTIVATION = "activation", "crise reconnue par l’ARS"
    AIDE = "aide", "aide de l’ARS au démarrage"


class Periodicite(models.TextChoices):
    """How often the certifier gives the figure."""

    MENSUELLE = "mensuelle", "tous les mois"
    TRIMESTRIELLE = "trimestrielle", "tous les trois mois"
    SEMESTRIELLE = "semestrielle", "deux fois par an"
    ANNUELLE = "annuelle", "une fois par an"


MOIS_PERIODICITE = {
    Periodicite.MENSUELLE: 1,
    Periodicite.TRIMESTRIELLE: 3,
    Periodicite.SEMESTRIELLE: 6,
    Periodicite.ANNUELLE: 12,
}


class OrigineValeur(models.TextChoices):
    """Where the value of an indicator comes from."""

    ACTES = "actes", "actes de Maillon"
    FICHIER = "fichier", "fichier importé"
    DECLARATION = "declaration", "saisie"


# How the source of a value read in a file begins.
SOURCE_FICHIER = "Fichier "


class GenrePreuve(models.TextChoices):
    EMARGEMENT = "emargement", "feuille d’émargement"
    COMPTE_RENDU = "compte_rendu", "compte rendu"
    CONVENTION = "convention", "convention"
    PROTOCOLE = "protocole", "protocole"
    PLAN = "plan", "plan"
    LISTE = "liste", "liste"
    STATISTIQUE = "statistique", "statistique"
    PUBLICATION = "publication", "publication, support"
    AUTRE = "autre", "autre document"


class EtatPreuve(models.TextChoices):
    EN_VIGUEUR = "en_vigueur", "en vigueur"
    REMPLACEE = "remplacee", "remplacé par une version suivante"
    RETIREE = "retiree", "retiré"


class PorteePreuve(models.TextChoices):
    """Which acts a document proves."""

    CHOISIS = "choisis", "Les actes cochés"
    JOUR = "jour", "Tous ceux du jour du fait"
    MANQUE = "manque", "Tous ceux à qui un justificatif manque"
