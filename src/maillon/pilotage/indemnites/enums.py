"""Functions, natures, rates, steps of approval and kinds of expenses."""

from django.db import models

from maillon.socle.declarations import FonctionGarde
from maillon.socle.droits.enums import Mission

FONCTIONNEMENT = "fonctionnement"


class Poste(models.TextChoices):
    """Which envelope pays: the running of the community, or a mission."""

    FONCTIONNEMENT = FONCTIONNEMENT, "fonctionnement"
    ACCES = Mission.ACCES.value, Mission.ACCES.label
    PARCOURS = Mission.PARCOURS.value, Mission.PARCOURS.label
    PREVENTION = Mission.PREVENTION.value, Mission.PREVENTION.label
    CRISE = Mission.CRISE.value, Mission.CRISE.label
    QUALITE = Mission.QUALITE.value, Mission.QUALITE.label
    ACCOMPAGNEMENT = Mission.ACCOMPAGNEMENT.value, Mission.ACCOMPAGNEMENT.label


class Fonction(models.TextChoices):
    """As what somebody took part: the rate follows."""

    PRESIDENT = "president", "président"
    TRESORIER = "tresorier", "trésorier"
    SECRETAIRE = "secretaire", "secrétaire"
    BUREAU = "bureau", "membre du bureau"
    ADMINISTRATEUR = "administrateur", "administrateur"
    REFERENT = "referent", "référent de mission"
    ANIMATEUR = "animateur", "animateur ou intervenant"
    PARTICIPANT = "participant", "participant"
    GARDE = FonctionGarde.GARDE.value, "de garde"
    GARDE_NUIT = FonctionGarde.NUIT.value, "de garde, la nuit"
    GARDE_SAMEDI = FonctionGarde.SAMEDI.value, "de garde, le samedi"
    GARDE_FERIE = FonctionGarde.FERIE.value, "de garde, dimanche ou jour férié"


# Functions of the association: what compensates them is an indemnité.
ASSOCIATIVES = frozenset(
    {Fonction.PRESIDENT, Fonction.TRESORIER, Fonction.SECRETAIRE, Fonction.BUREAU, Fonction.ADMINISTRATEUR}
)


DE_GARDE = frozenset({Fonction.GARDE, Fonction.GARDE_NUIT, Fonction.GARDE_SAMEDI, Fonction.GARDE_FERIE})


class Nature(models.TextChoices):
    """Kept apart everywhere (art. D. 1434-44 CSP)."""

    INDEMNITE = "indemnite", "indemnité"
    REMUNERATION = "remuneration", "rémunération"


class Mode(models.TextChoices):
    HEURE = "heure", "à l’heure"
    SEANCE = "seance", "à la séance, ou à la garde"
    FORFAIT = "forfait", "au forfait"


class Instance(models.TextChoices):
    """Who decided."""

    BUREAU = "bureau", "bureau"
    CA = "ca", "conseil d’administration"
    AG = "ag", "assemblée générale"


class Etat(models.TextChoices):
    """`proposee` waits for the person's word, `declaree` for the first check, `verifiee` for the bureau."""

    PROPOSEE = "proposee", "à confirmer par la personne"
    ECARTEE = "ecartee", "écartée par la personne"
    DECLAREE = "declaree", "à vérifier"
    VERIFIEE = "verifiee", "à approuver"
    APPROUVEE = "approuvee", "approuvée"
    REFUSEE = "refusee", "refusée"


# Correction brings back to `declaree`; once approved nothing changes, another row reverses it.
TRANSITIONS: dict[Etat, frozenset[Etat]] = {
    Etat.PROPOSEE: frozenset({Etat.DECLAREE, Etat.ECARTEE}),
    Etat.ECARTEE: frozenset({Etat.DECLAREE}),
    Etat.DECLAREE: frozenset({Etat.DECLAREE, Etat.VERIFIEE, Etat.REFUSEE, Etat.ECARTEE}),
    Etat.VERIFIEE: frozenset({Etat.DECLAREE, Etat.APPROUVEE, Etat.REFUSEE}),
    Etat.REFUSEE: frozenset({Etat.DECLAREE}),
    Etat.APPROUVEE: frozenset(),
}
EN_COURS = (Etat.DECLAREE, Etat.VERIFIEE)


class Beneficiaire(models.TextChoices):
    """Who receives the money."""

    PERSONNE = "personne", "la personne"
    EMPLOYEUR = "employeur", "son employeur"


class GenreFrais(models.TextChoices):
    KILOMETRES = "kilometres", "trajet en voiture"
    TRANSPORT = "transport", "train, bus, taxi"
    STATIONNEMENT = "stationnement", "péage, stationnement"
    REPAS = "repas", "repas"
    HEBERGEMENT = "hebergement", "hébergement"
    AUTRE = "autre", "autre frais"


# Where a participation comes from when no other app proved it.
SOURCE_SAISIE = "saisie"
SOURCE_CONTREPASSATION = "contrepassation"


class EtatCampagne(models.TextChoices):
    """A run is prepared, its file is made for the bank, all its transfers are settled; or it is given up."""

    PREPAREE = "preparee", "à relire"
    EMISE = "emise", "fichier produit"
    SOLDEE = "soldee", "soldée"
    ANNULEE = "annulee", "annulée"


class EtatVirement(models.TextChoices):
    A_PAYER = "a_payer", "à payer"
    PAYE = "paye", "payé"
    REJETE = "rejete", "rejeté par la banque"
    ECARTE = "ecarte", "écarté"
