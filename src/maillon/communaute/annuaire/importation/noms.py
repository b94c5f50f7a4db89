"""Searched names of a whole block at once. Pure."""

from collections.abc import Sequence

from maillon.communaute.recherche import ABREVIATIONS, normalize_nom

NOM_MAX = 120
# The accented letters of French are two bytes in UTF-8: 0xC3, and one that says which. Without the first, the second
# stands for its letter; a text that holds any other byte above 127 is looked at one name at a time.
_TETE = b"\xc3"
_ACCENTS = {
    lettre.encode()[1]: ord(nue)
    for lettre, nue in zip(
        "àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ",
        "aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuy",
        strict=True,
    )
}
_CONNUS = bytes(range(128)) + _TETE + bytes(_ACCENTS)
_LETTRES = bytes(
    _ACCENTS.get(c, ord(chr(c).lower()) if c < 128 and chr(c).isalnum() else 10 if c == 10 else 32) for c in range(256)
)
_ABREGES = {mot.encode(): entier.encode() for mot, entier in ABREVIATIONS.items()}


def normalize_noms(noms: Sequence[bytes]) -> tuple[list[bytes], set[bytes]]:
    """`normalize_nom` of UTF-8 texts of one line each, cut at 120 characters, and the words that they hold."""
    if not noms:
        return [], set()
    texte = b"\n".join(noms) + b"\n"
    if texte.translate(None, _CONNUS):
        connus = [normalize_nom(nom.decode()).encode() if nom.translate(None, _CONNUS) else nom for nom in noms]
        texte = b"\n".join(connus) + b"\n"
    texte = b"\n" + texte.translate(_LETTRES, _TETE)
    while b"  " in texte:
        texte = texte.replace(b"  ", b" ")
    texte = texte.replace(b" \n", b"\n").replace(b"\n ", b"\n")
    mots = set(texte.split())
    lignes = texte.split(b"\n")[1:-1]
    if not mots.isdisjoint(_ABREGES):
        lignes = [b" ".join([_ABREGES.get(mot, mot) for mot in ligne.split()]) for ligne in lignes]
        mots = {_ABREGES.get(mot, mot) for mot in mots}
    if max(map(len, lignes)) > NOM_MAX:
        lignes = [ligne[:NOM_MAX].strip() for ligne in lignes]
    return lignes, mots
