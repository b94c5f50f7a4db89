"""What a professional may say of themselves in the directory, and what of it may be shown to the public."""

from django.db import models


class NouveauxPatients(models.TextChoices):
    OUI = "oui", "oui"
    CONDITIONS = "conditions", "sous conditions"
    NON = "non", "non"


class Domicile(models.TextChoices):
    OUI = "oui", "oui"
    SIENS = "siens", "pour ses patients seulement"
    NON = "non", "non"


class Accessibilite(models.TextChoices):
    OUI = "oui", "accessible en fauteuil roulant"
    AIDE = "aide", "accessible avec une aide"
    NON = "non", "non accessible en fauteuil roulant"


class Langue(models.TextChoices):
    """Languages spoken besides French, under their ISO 639 code."""

    SIGNES = "fsl", "langue des signes française"
    ALBANAIS = "sqi", "albanais"
    ALLEMAND = "deu", "allemand"
    ANGLAIS = "eng", "anglais"
    ARABE = "ara", "arabe"
    ARMENIEN = "hye", "arménien"
    BERBERE = "ber", "berbère"
    CHINOIS = "zho", "chinois"
    ESPAGNOL = "spa", "espagnol"
    GEORGIEN = "kat", "géorgien"
    ITALIEN = "ita", "italien"
    KURDE = "kur", "kurde"
    PACHTO = "pus", "pachto"
    PERSAN = "fas", "persan, dari"
    POLONAIS = "pol", "polonais"
    PORTUGAIS = "por", "portugais"
    ROUMAIN = "ron", "roumain"
    RUSSE = "rus", "russe"
    TURC = "tur", "turc"
    UKRAINIEN = "ukr", "ukrainien"
    VIETNAMIEN = "vie", "vietnamien"
    WOLOF = "wol", "wolof"


class Rubrique(models.TextChoices):
    """What the public may read, each allowed by the professional; nothing without the first."""

    FICHE = "fiche", "mon nom, ma profession et mes lieux d’exercice"
    PATIENTS = "patients", "si j’accepte de nouveaux patients"
    DOMICILE = "domicile", "si je fais des visites à domicile"
    LANGUES = "langues", "les langues que je parle"
    ACCESSIBILITE = "accessibilite", "l’accès au cabinet"
    TELEPHONE = "telephone", "mon téléphone"
    COURRIEL = "courriel", "mon courriel"
    HORAIRES = "horaires", "mes horaires"
    REMARQUES = "remarques", "mes remarques"


class ChampCorrige(models.TextChoices):
    """What a professional may correct at a place of the national directory."""

    ADRESSE = "adresse", "adresse"
    TELEPHONE = "telephone", "téléphone"
    COURRIEL = "courriel", "courriel"


def list_libelles(codes: list[str], choix: type[models.TextChoices]) -> list[str]:
    """The words of these codes, in the order of the choices; unknown codes are left out."""
    return [str(label) for code, label in choix.choices if code in codes]
