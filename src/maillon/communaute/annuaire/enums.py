"""Codes of the national directory of health professionals."""

from django.db import models


class Profession(models.TextChoices):
    """Professions under their TRE_G15 code; labels as people say them."""

    MEDECIN = "10", "médecin"
    PHARMACIEN = "21", "pharmacien"
    AUDIOPROTHESISTE = "26", "audioprothésiste"
    OPTICIEN_LUNETIER = "28", "opticien-lunetier"
    ASSISTANT_DENTAIRE = "31", "assistant dentaire"
    PHYSICIEN_MEDICAL = "32", "physicien médical"
    CHIRURGIEN_DENTISTE = "40", "chirurgien-dentiste"
    SAGE_FEMME = "50", "sage-femme"
    INFIRMIER = "60", "infirmier"
    INFIRMIER_PSYCHIATRIQUE = "69", "infirmier psychiatrique"
    MASSEUR_KINESITHERAPEUTE = "70", "masseur-kinésithérapeute"
    PEDICURE_PODOLOGUE = "80", "pédicure-podologue"
    TECHNICIEN_LABORATOIRE = "86", "technicien de laboratoire"
    ORTHOPHONISTE = "91", "orthophoniste"
    ORTHOPTISTE = "92", "orthoptiste"
    ERGOTHERAPEUTE = "94", "ergothérapeute"
    DIETETICIEN = "95", "diététicien"
    PSYCHOMOTRICIEN = "96", "psychomotricien"
    MANIPULATEUR_ERM = "98", "manipulateur d’électroradiologie médicale"


class ModeExercice(models.TextChoices):
    LIBERAL = "L", "libéral"
    SALARIE = "S", "salarié"
    BENEVOLE = "B", "bénévole"


class GenreMouvement(models.TextChoices):
    """What an import of the national directory did to a line that was there."""

    MODIFICATION = "modification", "modification"
    FIN = "fin", "fin"


# Savoir-faire (TRE_R38) that make a doctor a médecin généraliste.
MEDECINE_GENERALE = "SM54"
SAVOIR_FAIRE_GENERALISTE = (MEDECINE_GENERALE, "SM26", "SM53")


def pluralize_libelle(libelle: str) -> str:
    """« médecins généralistes », « sages-femmes », « techniciens de laboratoire »: what follows « de » stays."""
    noun, separator, complement = libelle.partition(" de ") if " de " in libelle else libelle.partition(" d’")
    plural = " ".join("-".join(f"{part}s" for part in word.split("-")) for word in noun.split())
    return plural + separator + complement
