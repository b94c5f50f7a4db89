"""Kinds and states of meetings, answers and attendance."""

from django.db import models


class TypeReunion(models.TextChoices):
    AG = "ag", "assemblée générale"
    CA = "ca", "conseil d’administration"
    BUREAU = "bureau", "bureau"
    COMMISSION = "commission", "commission"
    GROUPE_TRAVAIL = "groupe_travail", "groupe de travail"
    CERCLE_QUALITE = "cercle_qualite", "cercle de qualité"
    ATELIER = "atelier", "atelier"


# Bodies of the statutes: convocation delay, quorum, proxies and votes.
STATUTAIRES = (TypeReunion.AG, TypeReunion.CA, TypeReunion.BUREAU)
# Those that statutes may let deliberate at once, when all their members are there.
SANS_CONVOCATION = (TypeReunion.CA, TypeReunion.BUREAU)


class Etat(models.TextChoices):
    PREPARATION = "preparation", "en préparation"
    CONVOQUEE = "convoquee", "convoquée"
    TENUE = "tenue", "tenue"
    ANNULEE = "annulee", "annulée"


TRANSITIONS: dict[Etat, frozenset[Etat]] = {
    Etat.PREPARATION: frozenset({Etat.CONVOQUEE, Etat.TENUE, Etat.ANNULEE}),
    Etat.CONVOQUEE: frozenset({Etat.TENUE, Etat.ANNULEE}),
    Etat.TENUE: frozenset(),
    Etat.ANNULEE: frozenset(),
}


class Reponse(models.TextChoices):
    ATTENDUE = "attendue", "sans réponse"
    OUI = "oui", "vient"
    NON = "non", "ne vient pas"
    PEUT_ETRE = "peut_etre", "peut-être"


class Presence(models.TextChoices):
    INCONNUE = "inconnue", "non relevée"
    PRESENT = "present", "présent"
    ABSENT = "absent", "absent"
    EXCUSE = "excuse", "excusé"


class PreuvePresence(models.TextChoices):
    QR = "qr", "code QR scanné"
    TABLETTE = "tablette", "liste signée sur tablette"
    PAPIER = "papier", "feuille signée numérisée"
    LIEN = "lien", "lien personnel"
    SAISIE = "saisie", "saisie de l’organisateur"


class Choix(models.TextChoices):
    """What a person says of a slot of a poll."""

    OUI = "oui", "oui"
    SI_BESOIN = "si_besoin", "si besoin"
    NON = "non", "non"


class FinPouvoir(models.TextChoices):
    """Why a proxy no longer holds."""

    REVOQUE = "revoque", "retiré par la personne"
    PRESENCE = "presence", "tombé : la personne est présente"
    ANNULEE = "annulee", "réunion annulée"


class PreuvePouvoir(models.TextChoices):
    LIEN = "lien", "donné par lien personnel"
    COMPTE = "compte", "donné depuis le compte de la personne"
    PAPIER = "papier", "pouvoir signé, enregistré par l’organisateur"


class ModeVote(models.TextChoices):
    MAIN_LEVEE = "main_levee", "à main levée"
    NOMINATIF = "nominatif", "nominatif, sur téléphone"
    SECRET = "secret", "secret, sur téléphone"


class Majorite(models.TextChoices):
    SIMPLE = "simple", "majorité simple (plus de pour que de contre)"
    ABSOLUE = "absolue", "majorité absolue (plus de la moitié des voix présentes ou représentées)"
    DEUX_TIERS = "deux_tiers", "deux tiers des suffrages exprimés"


class EtatResolution(models.TextChoices):
    PRETE = "prete", "prête"
    OUVERTE = "ouverte", "vote ouvert"
    CLOSE = "close", "vote clos"


class ChoixVote(models.TextChoices):
    POUR = "pour", "pour"
    CONTRE = "contre", "contre"
    ABSTENTION = "abstention", "abstention"


class Envoi(models.TextChoices):
    """The mails of a meeting."""

    SONDAGE = "sondage", "sondage de date"
    RELANCE_SONDAGE = "relance_sondage", "relance du sondage"
    CONVOCATION = "convocation", "convocation"
    RELANCE = "relance", "relance"
    MODIFICATION = "modification", "modification"
    ANNULATION = "annulation", "annulation"


class Invites(models.TextChoices):
    """Who is invited when a meeting is created."""

    GROUPE = "groupe", "le groupe choisi"
    MEMBRES = "membres", "tous les adhérents"
    ENSUITE = "ensuite", "des personnes que je choisirai ensuite"


class GenreDocument(models.TextChoices):
    FEUILLE = "feuille", "feuille d’émargement signée"
    PRESENCES = "presences", "relevé des présences"
    COMPTE_RENDU = "compte_rendu", "compte rendu validé"
    COMPTE_RENDU_DOCX = "compte_rendu_docx", "compte rendu validé, à modifier"


class EtatCompteRendu(models.TextChoices):
    REDACTION = "redaction", "en rédaction"
    SOUMIS = "soumis", "à approuver"
    VALIDE = "valide", "validé"


class Qualite(models.TextChoices):
    """Who approves the minutes."""

    PRESIDENT = "president", "président de séance"
    SECRETAIRE = "secretaire", "secrétaire de séance"
