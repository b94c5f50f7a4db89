"""States, reasons and next steps of a request, and the one table of transitions."""

from django.db import models


class Etat(models.TextChoices):
    DEPOSEE = "deposee", "déposée"
    QUALIFIEE = "qualifiee", "qualifiée"
    PROPOSEE = "proposee", "proposée à un médecin"
    ACCEPTEE = "acceptee", "acceptée, réponse du patient attendue"
    PLACEE = "placee", "médecin trouvé"
    CLOSE = "close", "close"


# A refused or expired proposal brings the request back to QUALIFIEE: its rank is its priority and its day of filing,
# which no transition touches.
TRANSITIONS: dict[Etat, frozenset[Etat]] = {
    Etat.DEPOSEE: frozenset({Etat.QUALIFIEE, Etat.CLOSE}),
    Etat.QUALIFIEE: frozenset({Etat.PROPOSEE, Etat.CLOSE}),
    Etat.PROPOSEE: frozenset({Etat.ACCEPTEE, Etat.QUALIFIEE, Etat.CLOSE}),
    Etat.ACCEPTEE: frozenset({Etat.PLACEE, Etat.QUALIFIEE, Etat.CLOSE}),
    Etat.PLACEE: frozenset({Etat.QUALIFIEE}),
    Etat.CLOSE: frozenset({Etat.QUALIFIEE, Etat.DEPOSEE}),
}
OUVERTS = (Etat.DEPOSEE, Etat.QUALIFIEE, Etat.PROPOSEE, Etat.ACCEPTEE)
AVEC_MEDECIN = (Etat.ACCEPTEE, Etat.PLACEE)


class Origine(models.TextChoices):
    PUBLIC = "public", "formulaire public, par le patient"
    PROCHE = "proche", "formulaire public, par un proche"
    GUICHET = "guichet", "guichet, au téléphone"
    PROFESSIONNEL = "professionnel", "professionnel de santé"
    PARTENAIRE = "partenaire", "partenaire"


class Action(models.TextChoices):
    """What is to be done next for an open request."""

    QUALIFIER = "qualifier", "Appeler et qualifier la demande"
    PROPOSER = "proposer", "Proposer à un médecin"
    ATTENDRE_MEDECIN = "attendre_medecin", "Réponse d’un médecin attendue"
    ATTENDRE_PATIENT = "attendre_patient", "Réponse du patient attendue"
    RAPPELER_PATIENT = "rappeler_patient", "Appeler le patient : il n’a pas répondu"
    PREMIER_RDV = "premier_rdv", "Savoir si le premier rendez-vous est pris"
    DECLARATION = "declaration", "Savoir si le médecin est déclaré"
    BILAN = "bilan", "Demander des nouvelles, trois mois après"
    DECIDER = "decider", "Décider : personne pas suivie, ou médecin pas déclaré"


# What is learnt by calling the person.
APPELS = (Action.QUALIFIER, Action.RAPPELER_PATIENT, Action.PREMIER_RDV, Action.DECLARATION, Action.BILAN)
SUITES = (Action.PREMIER_RDV, Action.DECLARATION, Action.BILAN)


class Cloture(models.TextChoices):
    ABANDON = "abandon", "Le patient renonce"
    TROUVE_SEUL = "trouve_seul", "Le patient a trouvé un médecin lui-même"
    DOUBLON = "doublon", "Demande en double"
    HORS_TERRITOIRE = "hors_territoire", "Hors du territoire"
    INJOIGNABLE = "injoignable", "Injoignable après plusieurs appels"
    DECES = "deces", "Décès"
    ERREUR = "erreur", "Demande enregistrée par erreur"
    # Recorded with the patient's rights, never chosen at the desk.
    OPPOSITION = "opposition", "La personne s’oppose au traitement de ses données"


class MotifRefus(models.TextChoices):
    """Why a doctor declines. The patient's coverage is never a reason: the doctor does not know it."""

    COMPLET = "complet", "Je n’ai plus de place"
    TROP_LOIN = "trop_loin", "C’est trop loin"
    VISITES = "visites", "Je ne fais pas de visites à domicile"
    LANGUE = "langue", "Je ne parle pas cette langue"
    ABSENCE = "absence", "Je serai absent"
    AUTRE = "autre", "Autre raison"


class Langue(models.TextChoices):
    FRANCAIS = "fr", "français"
    ANGLAIS = "en", "anglais"
    ARABE = "ar", "arabe"
    TURC = "tr", "turc"
    PORTUGAIS = "pt", "portugais"
    ESPAGNOL = "es", "espagnol"
    ITALIEN = "it", "italien"
    UKRAINIEN = "uk", "ukrainien"
    SIGNES = "lsf", "langue des signes française"
    AUTRE = "autre", "une autre langue"


class Issue(models.TextChoices):
    """What a placement gives: a person with AME has no declared médecin traitant."""

    MEDECIN_TRAITANT = "medecin_traitant", "médecin traitant"
    MEDECIN_SUIVI = "medecin_suivi", "médecin de suivi"


class Declaration(models.TextChoices):
    FAITE = "faite", "faite"
    NON_FAITE = "non_faite", "pas faite"


class Bilan(models.TextChoices):
    """What the person says three months after."""

    SUIVI = "suivi", "suivie par ce médecin"
    NON_SUIVI = "non_suivi", "n’est pas suivie par ce médecin"
    SANS_NOUVELLES = "sans_nouvelles", "sans nouvelles"


class Personne(models.TextChoices):
    """Whose number was called."""

    PATIENT = "patient", "la personne"
    PROCHE = "proche", "le proche"


class IssueAppel(models.TextChoices):
    JOINT = "joint", "Personne jointe"
    REPONDEUR = "repondeur", "Répondeur"
    SANS_REPONSE = "sans_reponse", "Pas de réponse"
    FAUX_NUMERO = "faux_numero", "Faux numéro"
    RAPPELER = "rappeler", "Demande qu’on la rappelle"


class Quoi(models.TextChoices):
    """What somebody of the desk has to do for a request."""

    RAPPELER = "rappeler", "Rappeler la personne"
    CONTACTER = "contacter", "Contacter une structure ou un professionnel"
    PIECE = "piece", "Obtenir une précision ou une pièce"
    REVOIR_EQUIPE = "revoir_equipe", "Revoir l’équipe traitante"
    AUTRE = "autre", "Autre chose"


class EtatTache(models.TextChoices):
    A_FAIRE = "a_faire", "à faire"
    FAITE = "faite", "faite"
    ANNULEE = "annulee", "annulée"


class MotifPriorite(models.TextChoices):
    """Why a person decides a level. The coverage is never a reason."""

    MEDECIN = "medecin", "Un soignant le demande"
    SITUATION = "situation", "La situation a changé"
    SANS_ISSUE = "sans_issue", "Plusieurs médecins ont déjà refusé"
    SUIVI_PARTIEL = "suivi_partiel", "Un autre médecin la suit en attendant"
    ERREUR = "erreur", "Le calcul ne dit pas ce qu’il faudrait"


class RoleEquipe(models.TextChoices):
    """What a professional of the équipe traitante does, while no doctor is found."""

    IPA = "ipa", "infirmier en pratique avancée"
    INFIRMIER = "infirmier", "infirmier"
    PHARMACIEN = "pharmacien", "pharmacien"
    SAGE_FEMME = "sage_femme", "sage-femme"
    KINE = "kine", "masseur-kinésithérapeute"
    MEDECIN = "medecin", "médecin qui dépanne"
    AUTRE = "autre", "autre professionnel"
