"""States of a list taken over, and what each of its rows does."""

from django.db import models


class EtatReprise(models.TextChoices):
    A_LIRE = "a_lire", "colonnes à choisir"
    EXAMEN = "examen", "lecture en cours"
    A_VERIFIER = "a_verifier", "à vérifier"
    APPLICATION = "application", "enregistrement en cours"
    APPLIQUEE = "appliquee", "enregistrée"
    ANNULATION = "annulation", "annulation en cours"
    ANNULEE = "annulee", "annulée"
    ABANDONNEE = "abandonnee", "abandonnée"


TRANSITIONS: dict[EtatReprise, frozenset[EtatReprise]] = {
    EtatReprise.A_LIRE: frozenset({EtatReprise.EXAMEN, EtatReprise.ABANDONNEE}),
    EtatReprise.EXAMEN: frozenset({EtatReprise.A_VERIFIER, EtatReprise.A_LIRE}),
    EtatReprise.A_VERIFIER: frozenset(
        {EtatReprise.A_LIRE, EtatReprise.EXAMEN, EtatReprise.APPLICATION, EtatReprise.ABANDONNEE}
    ),
    EtatReprise.APPLICATION: frozenset({EtatReprise.APPLIQUEE, EtatReprise.A_VERIFIER}),
    EtatReprise.APPLIQUEE: frozenset({EtatReprise.ANNULATION}),
    EtatReprise.ANNULATION: frozenset({EtatReprise.ANNULEE, EtatReprise.APPLIQUEE}),
    EtatReprise.ANNULEE: frozenset(),
    EtatReprise.ABANDONNEE: frozenset(),
}
EN_COURS = frozenset({EtatReprise.EXAMEN, EtatReprise.APPLICATION, EtatReprise.ANNULATION})
# Where a list goes back when its job fails.
RETOURS: dict[EtatReprise, EtatReprise] = {
    EtatReprise.EXAMEN: EtatReprise.A_LIRE,
    EtatReprise.APPLICATION: EtatReprise.A_VERIFIER,
    EtatReprise.ANNULATION: EtatReprise.APPLIQUEE,
}


class Genre(models.TextChoices):
    """Who the people of the list are."""

    MEMBRES = "membres", "des membres : chaque professionnel reconnu reçoit une adhésion"
    CONTACTS = "contacts", "des contacts : aucune adhésion n’est enregistrée"


class Champ(models.TextChoices):
    """What a column may hold."""

    RPPS = "rpps", "numéro RPPS"
    NOM = "nom", "nom"
    PRENOM = "prenom", "prénom"
    NOM_COMPLET = "nom_complet", "nom et prénom ensemble"
    PROFESSION = "profession", "profession"
    COURRIEL = "courriel", "courriel"
    TELEPHONE = "telephone", "téléphone"
    COMMUNE = "commune", "commune"
    CODE_POSTAL = "code_postal", "code postal"
    ADRESSE = "adresse", "adresse"
    FONCTION = "fonction", "fonction"
    ADHESION = "adhesion", "date d’adhésion"
    COLLEGE = "college", "collège"
    GROUPES = "groupes", "groupes, séparés par « ; » ou « / »"
    FINESS = "finess", "numéro FINESS de la structure"


class Issue(models.TextChoices):
    """What a row does, or would do."""

    AJOUT = "ajout", "à ajouter"
    COMPLEMENT = "complement", "à compléter"
    DIFFERENCE = "difference", "différente"
    DOUTEUSE = "douteuse", "douteuse"
    CONNUE = "connue", "déjà connue"
    REFUSEE = "refusee", "refusée"


ECRITES = frozenset({Issue.AJOUT, Issue.COMPLEMENT})


class Choix(models.TextChoices):
    """What somebody decides of a row that cannot be decided alone; a candidate is chosen by its own key."""

    AUCUN = "", "à décider"
    NOUVELLE = "nouvelle", "une autre personne : l’ajouter"
    ECARTEE = "ecartee", "laisser de côté"
    LISTE = "liste", "prendre ce que dit la liste"
