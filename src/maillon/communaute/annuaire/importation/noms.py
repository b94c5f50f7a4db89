"""Searched names of a whole block at once. Pure."""

from collections.abc import Sequence
from functools import lru_cache

from maillon.communaute.recherche import ABREVIATIONS, normalize_nom

NOM_MAX = 120
_MINUSCULES = bytes(
    ord(chr(c).lower()) if c < 128 and chr(c).isalnum() else 10 if c == 10 else c if c > 127 else 32 for c in range(256)
)
# Only what is surely a separator: letters keep their capitals and accents.
_SEPARES = bytes(32 if chr(c) in "|-' " else c for c in range(256))
_ABREGES = [
    (avant + mot.encode() + apres, avant + entier.encode() + apres)
    for mot, entier in ABREVIATIONS.items()
    for avant in (b" ", b"\n")
    for apres in (b" ", b"\n")
]


@lru_cache(maxsize=50_000)
def _normalize(mot: bytes) -> bytes:
    return normalize_nom(mot.decode()).encode()


def normalize_noms(noms: Sequence[bytes]) -> list[bytes]:
    """`normalize_nom` of UTF-8 texts on one line each, cut at 120 characters: plain capitals are lowered together."""
    if not noms:
        return []
    lignes = [nom if nom.isascii() else _strip_accents(nom) for nom in noms]
    texte = b"\n" + b"\n".join(lignes).translate(_MINUSCULES) + b"\n"
    while b"  " in texte:
        texte = texte.replace(b"  ", b" ")
    texte = texte.replace(b" \n", b"\n").replace(b"\n ", b"\n")
    for abrege, entier in _ABREGES:
        while abrege in texte:  # « st st »: the space between is taken by the first
            texte = texte.replace(abrege, entier)
    lignes = texte.split(b"\n")[1:-1]
    if len(texte) > NOM_MAX and max(map(len, lignes)) > NOM_MAX:
        lignes = [ligne[:NOM_MAX].strip() for ligne in lignes]
    return lignes


def _strip_accents(nom: bytes) -> bytes:
    """Word by word, because first names come back again and again."""
    return b" ".join(map(_normalize, nom.translate(_SEPARES).split()))
