"""Numbers and units said in French words."""

from maillon.socle.ui.typographie import format_nombre

NOMBRES = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
# Words after which a noun's complement begins: it does not agree.
PREPOSITIONS = {"de", "du", "des", "en", "à", "au", "aux", "sans", "par", "pour", "avec", "sur", "dans", "chez"}
COORDINATIONS = {"ou", "et"}
# Names of documents that are feminine; the endings cover most others.
FEMININS = {"liste", "feuille", "statistique", "facture", "photo", "copie", "lettre", "fiche", "charte", "affiche"}
FEMININS |= {"pièce", "preuve", "plaquette", "enquête", "page"}


def say_nombre(nombre: int, nom: str) -> str:
    """« deux émargements », « une liste », « 12 avis »: in letters up to ten."""
    premier = nom.split(" ", 1)[0]
    if nombre == 1 and (premier in FEMININS or premier.endswith(("tion", "sion", "ance", "ence"))):
        combien = "une"
    else:
        combien = NOMBRES[nombre] if 0 <= nombre < len(NOMBRES) else format_nombre(nombre)
    return f"{combien} {nom if nombre < 2 else put_in_plural(nom)}"


def put_in_plural(nom: str) -> str:
    """« patient en ALD » → « patients en ALD », « compte rendu » → « comptes rendus », « journal » → « journaux »."""
    mots, accorde = [], True
    for mot in nom.split(" "):
        if mot in PREPOSITIONS or mot.startswith(("d'", "l'", "d’", "l’")):
            accorde = False
        elif mot in COORDINATIONS:
            accorde = True
            mots.append(mot)
            continue
        mots.append(_pluralise(mot) if accorde else mot)
    return " ".join(mots)


def _pluralise(mot: str) -> str:
    if not mot[-1:].isalpha() or mot.endswith(("s", "x", "z")) or mot.isupper():
        return mot
    if mot.endswith(("eau", "eu")):
        return f"{mot}x"
    return f"{mot[:-1]}ux" if mot.endswith("al") else f"{mot}s"
