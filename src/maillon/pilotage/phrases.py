"""Numbers said in French words."""

from maillon.socle.ui.typographie import format_nombre

NOMBRES = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")


def say_nombre(nombre: int, nom: str) -> str:
    """« deux émargements », « un compte rendu »: in letters up to ten, first word in the plural from two."""
    combien = NOMBRES[nombre] if 0 <= nombre < len(NOMBRES) else format_nombre(nombre)
    if nombre < 2:
        return f"{combien} {nom}"
    # A past participle agrees too; what follows a preposition does not.
    mots = nom.split(" ")
    accordes = 2 if mots[:2] == ["compte", "rendu"] else 1
    pluriels = [mot if mot[-1:] in "sxz" else f"{mot}s" for mot in mots[:accordes]]
    return " ".join([combien, *pluriels, *mots[accordes:]])
