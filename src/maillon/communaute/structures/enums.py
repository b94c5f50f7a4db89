"""Kinds of structures that a CPTS works with."""

from django.db import models


class TypeStructure(models.TextChoices):
    CPTS = "cpts", "CPTS"
    MSP = "msp", "maison de santé pluriprofessionnelle"
    CENTRE_SANTE = "centre_sante", "centre de santé"
    CABINET = "cabinet", "cabinet"
    HOPITAL = "hopital", "hôpital ou clinique"
    MATERNITE = "maternite", "maternité"
    CENTRE_EXAMENS_SANTE = "centre_examens_sante", "centre d’examens de santé"
    EHPAD = "ehpad", "EHPAD"
    RESIDENCE_AUTONOMIE = "residence_autonomie", "résidence autonomie"
    SSIAD = "ssiad", "service de soins infirmiers à domicile"
    AIDE_DOMICILE = "aide_domicile", "service d’aide à domicile"
    PHARMACIE = "pharmacie", "pharmacie"
    LABORATOIRE = "laboratoire", "laboratoire d’analyses médicales"
    SAMU = "samu", "SAMU – centre 15"
    CPAM = "cpam", "caisse primaire d’assurance maladie"
    ARS = "ars", "agence régionale de santé"
    MAIRIE = "mairie", "mairie"
    ASSOCIATION = "association", "association"
    AUTRE = "autre", "autre structure"
