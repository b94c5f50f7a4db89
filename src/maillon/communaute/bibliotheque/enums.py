"""Kinds of documents, and who may see them."""

from django.db import models


class NatureDocument(models.TextChoices):
    STATUTS = "statuts", "statuts"
    REGLEMENT = "reglement", "règlement intérieur"
    PROJET = "projet", "projet de santé"
    PROTOCOLE = "protocole", "protocole"
    CONVENTION = "convention", "convention"
    COMPTE_RENDU = "compte_rendu", "compte rendu"
    PROCES_VERBAL = "proces_verbal", "procès-verbal"
    MODELE = "modele", "modèle à remplir"
    AUTRE = "autre", "autre document"


class Portee(models.TextChoices):
    MEMBRES = "membres", "tous les membres"
    MISSION = "mission", "les personnes de la mission"
    BUREAU = "bureau", "le bureau et la coordination"
