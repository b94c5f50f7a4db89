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
TERMINES = (Etat.PLACEE, Etat.CLOSE)
AVEC_MEDECIN = (Etat.ACCEPTEE, Etat.PLACEE)


class GenreJour(models.TextChoices):
    """What the totals of a day count."""

    ARRIVEES = "arrivees", "arrivées"
    DEVENIR = "devenir", "devenir des arrivées"
    PLACEES = "placees", "médecins trouvés"
    CLOSES = "closes", "closes"


class Origine(models.TextChoices):
    PUBLIC = "public", "formulaire public, par le patient"
    PROCHE = "proche", "formulaire public, par un proche"
    GUICHET = "guichet", "guichet, au téléphone"
    PAPIER = "papier", "formulaire papier"
    PROFESSIONNEL = "professionnel", "professionnel de santé"
    PHARMACIE = "pharmacie", "pharmacie"
    HOPITAL = "hopital", "hôpital ou clinique"
    SAMU = "samu", "SAMU – centre 15"
    MAIRIE = "mairie", "mairie ou CCAS"
    CES = "ces", "centre d’examens de santé"
    ASSURANCE_MALADIE = "cpam", "Assurance Maladie"
    ETABLISSEMENT = "etablissement", "EHPAD, résidence ou service à domicile"
    PARTENAIRE = "partenaire", "autre partenaire"
    LISTE = "liste", "liste d’attente reprise"


# Where a partner's request comes from, for the figures.
PARTENAIRES = (
    Origine.PHARMACIE,
    Origine.HOPITAL,
    Origine.SAMU,
    Origine.MAIRIE,
    Origine.CES,
    Origine.ASSURANCE_MALADIE,
    Origine.ETABLISSEMENT,
    Origine.PROFESSIONNEL,
    Origine.PARTENAIRE,
)


class Action(models.TextChoices):
    """What is to be done next for an open request."""

    RECONTACTER = "recontacter", "Appeler pour recueillir l’accord"
    QUALIFIER = "qualifier", "Appeler et qualifier la demande"
    PROPOSER = "proposer", "Proposer à un médecin"
    ATTENDRE_MEDECIN = "attendre_medecin", "Réponse d’un médecin attendue"
    ATTENDRE_PATIENT = "attendre_patient", "Réponse du patient attendue"
    RAPPELER_PATIENT = "rappeler_patient", "Appeler le patient : il n’a pas répondu"
    PREMIER_RDV = "premier_rdv", "Savoir si le premier rendez-vous est pris"
    DECLARATION = "declaration", "Savoir si le médecin est déclaré"
    BILAN = "bilan", "Demander des nouvelles, trois mois après"
    DECIDER = "decider", "Décider : personne pas suivie, ou médecin pas déclaré"


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
    # Recorded by the call round of a list taken over, never chosen at the desk.
    SANS_ACCORD = "sans_accord", "La personne ne donne pas son accord"
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


class Accord(models.TextChoices):
    """Whether the person agreed that the request be recorded. Without it nothing is proposed to anybody."""

    RECUEILLI = "recueilli", "recueilli"
    A_RECUEILLIR = "a_recueillir", "à recueillir"


class MoyenAccord(models.TextChoices):
    """How the agreement was given."""

    EN_LIGNE = "en_ligne", "en ligne, par la personne ou un proche"
    TELEPHONE = "telephone", "au téléphone"
    PAPIER = "papier", "sur papier, signé"
    TIERS = "tiers", "par le professionnel ou le partenaire qui dépose"


class ChampAttente(models.TextChoices):
    """What a column of a waiting list may hold."""

    NOM = "nom", "nom"
    PRENOM = "prenom", "prénom"
    NOM_COMPLET = "nom_complet", "nom et prénom ensemble"
    NAISSANCE = "naissance", "date ou année de naissance"
    AGE = "age", "âge"
    TELEPHONE = "telephone", "téléphone"
    COURRIEL = "courriel", "courriel"
    COMMUNE = "commune", "commune"
    CODE_POSTAL = "code_postal", "code postal"
    ADRESSE = "adresse", "adresse"
    DEMANDEE_LE = "demandee_le", "date de la demande"
    PROCHE_NOM = "proche_nom", "nom du proche à appeler"
    PROCHE_TELEPHONE = "proche_telephone", "téléphone du proche"
    LANGUE = "langue", "langue parlée"
    ALD = "ald", "ALD (oui ou non)"
    C2S = "c2s", "C2S (oui ou non)"
    AME = "ame", "AME (oui ou non)"
    NE_PEUT_SE_DEPLACER = "ne_peut_se_deplacer", "ne peut pas se déplacer (oui ou non)"
    GROSSESSE = "grossesse", "grossesse (oui ou non)"
    SORTIE_HOPITAL = "sortie_hopital", "sort de l’hôpital (oui ou non)"
    ISOLEMENT = "isolement", "personne isolée (oui ou non)"
    ACCES_PMR = "acces_pmr", "cabinet accessible en fauteuil (oui ou non)"


class IssueAttente(models.TextChoices):
    """What a row of a waiting list does, or would do."""

    AJOUT = "ajout", "à ajouter"
    DOUBLON_LISTE = "doublon_liste", "déjà dans cette liste"
    DOUBLON_BASE = "doublon_base", "a déjà une demande ouverte"
    REFUSEE = "refusee", "refusée"


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
