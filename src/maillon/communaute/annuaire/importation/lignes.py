"""Lines of a published file made into lines that the database copies. Pure; the loop that runs 2.4 million times.

Everything stays bytes: a block is decoded only to be checked, and transcoded only when its file is in Windows-1252.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from maillon.communaute.recherche import ABREVIATIONS, normalize_nom

from .colonnes import COMPLEMENT, VOIE, Entete

Empreintes = NDArray[np.int64]
# Published lines stay under 1 000 bytes, and no text of one may be too long for an index.
LIGNE_MAX = 2500
NOM_MAX = 120

COLONNES_EN_TROP = "nombre de colonnes différent de celui des titres"
TROP_LONGUE = "ligne trop longue"
ILLISIBLE = "caractères illisibles, ou d’un autre codage que le reste du fichier"
CONTROLE = "caractère de commande"
IDENTIFIANT = "identifiant qui n’est ni un numéro RPPS de 11 chiffres, ni un numéro ADELI"
SANS_NOM = "professionnel sans nom"
DOUBLON = "ligne répétée à l’identique"


@dataclass(frozen=True, slots=True)
class Refus:
    """A line that was left out. `ligne` counts from 1, the header's; 0 for one that an identical line replaces."""

    fichier: str
    ligne: int
    raison: str
    contenu: str


@dataclass(slots=True)
class Recolte:
    """What reading leaves besides the rows."""

    communes: Counter[bytes] = field(default_factory=Counter)
    libelles: set[tuple[bytes, ...]] = field(default_factory=set)
    mots: set[bytes] = field(default_factory=set)


def compute_empreintes(lignes: Sequence[bytes]) -> Empreintes:
    """Fingerprints of the lines, as the database keeps them: 64 bits read as a signed integer."""
    return np.fromiter(map(xxh3_64_intdigest, lignes), dtype=np.uint64, count=len(lignes)).view(np.int64)


# -- searched names --------------------------------------------------------------------------------------------------

_MINUSCULES = bytes(ord(chr(c).lower()) if chr(c).isascii() and chr(c).isalnum() else 32 for c in range(256))
_ABREGES = frozenset(mot.encode() for mot in ABREVIATIONS)


@lru_cache(maxsize=50_000)
def _normalize(nom: bytes) -> bytes:
    return normalize_nom(nom.decode()).encode()[:NOM_MAX].strip()


def normalize_octets(nom: bytes) -> bytes:
    """`normalize_nom` of a UTF-8 text, cut at 120 characters; plain capitals take a short way."""
    if not nom.isascii():
        return _normalize(nom)
    mots = nom.translate(_MINUSCULES).split()
    if not _ABREGES.isdisjoint(mots):
        return _normalize(nom)
    return b" ".join(mots)[:NOM_MAX].strip()


# -- lines -----------------------------------------------------------------------------------------------------------


class Lecteur:
    """Turns lines of one file into lines of COPY; the rest is refused, or harvested."""

    def __init__(self, entete: Entete) -> None:
        self.entete = entete
        self.recolte = Recolte()
        forme = entete.forme
        self._largeur = len(entete.titres)
        # A header without the empty trailing column, over lines that have it, and the reverse.
        self._bord = self._largeur - 1 if not entete.titres[-1] else self._largeur + 1
        self._type, self._identifiant = entete.ranks(["type d identifiant pp", "identifiant pp"])
        self._garde = itemgetter(*entete.ranks(list(forme.colonnes.values())))
        titres = [titre for paire in forme.libelles.values() for titre in paire]
        self._libelles = itemgetter(*entete.ranks(titres))
        self._calcule = self._compute_activite() if forme.is_activites else None

    def read(self, lignes: Sequence[bytes], empreintes: Iterable[int]) -> tuple[list[bytes], list[tuple[int, str]]]:
        """Rows to copy, and the rank and reason of each line refused."""
        rows: list[bytes] = []
        refus: list[tuple[int, str]] = []
        garde, libelles, calcule = self._garde, self._libelles, self._calcule
        largeur, type_, identifiant = self._largeur, self._type, self._identifiant
        vus = self.recolte.libelles
        for rang, (ligne, empreinte) in enumerate(zip(lignes, empreintes, strict=True)):
            champs = ligne.split(b"|")
            if len(champs) != largeur:
                champs = self._mend(champs)
            if (
                len(ligne) > LIGNE_MAX
                or len(champs) != largeur
                or champs[type_] != b"8"
                or len(champs[identifiant]) != 11
                or not champs[identifiant].isdigit()
            ) and (raison := self._refuse(ligne, champs)):
                refus.append((rang, raison))
                continue
            champs.append(b"")
            vus.add(libelles(champs))
            if calcule is None:
                rows.append(b"%d|%b" % (empreinte, b"|".join(garde(champs))))
            elif nom := calcule(champs):
                rows.append(b"%d|%b|%b" % (empreinte, nom, b"|".join(garde(champs))))
            else:
                refus.append((rang, SANS_NOM))
        return rows, refus

    def _mend(self, champs: list[bytes]) -> list[bytes]:
        """Lines end with an empty column that the header does not announce, or the reverse."""
        if len(champs) == self._bord:
            if len(champs) < self._largeur:
                return [*champs, b""]
            if not champs[-1]:
                return champs[:-1]
        return champs

    def _refuse(self, ligne: bytes, champs: list[bytes]) -> str:
        """Why a line is left out; "" for one of the few that only looked wrong."""
        if len(ligne) > LIGNE_MAX:
            return TROP_LONGUE
        if len(champs) != self._largeur:
            return COLONNES_EN_TROP
        identifiant = champs[self._identifiant]
        is_rpps = champs[self._type] == b"8" and len(identifiant) == 11 and identifiant.isdigit()
        is_adeli = champs[self._type] == b"0" and 8 <= len(identifiant) <= 9 and identifiant.isalnum()
        return "" if is_rpps or is_adeli else IDENTIFIANT

    def _compute_activite(self) -> Callable[[list[bytes]], bytes]:
        """The computed columns of an activity, joined: searched name, street, complement; b"" without a name."""
        entete, recolte = self.entete, self.recolte
        nom_de, prenom_de, commune_de = entete.ranks(
            ["nom d exercice", "prenom d exercice", entete.forme.colonnes["commune"]]
        )
        voie, complement = itemgetter(*entete.ranks(VOIE)), itemgetter(*entete.ranks(COMPLEMENT))
        communes, mots = recolte.communes, recolte.mots

        def compute(champs: list[bytes]) -> bytes:
            nom = normalize_octets(champs[nom_de] + b" " + champs[prenom_de])
            if not champs[nom_de] or not nom:
                return b""
            mots.update(nom.split())
            communes[champs[commune_de]] += 1
            return b"%b|%b|%b" % (
                nom,
                b" ".join(filter(None, voie(champs))),
                b" ".join(filter(None, complement(champs))),
            )

        return compute


# -- encodings -------------------------------------------------------------------------------------------------------


class Codage:
    """Which encoding a file is in: its first line that is not plain ASCII decides, the others must agree."""

    def __init__(self) -> None:
        self.nom = ""

    def check(self, lignes: list[bytes]) -> tuple[list[bytes], list[tuple[int, str]]]:
        """The lines in UTF-8, the unreadable ones emptied, with their rank and reason."""
        bloc = b"\n".join(lignes)
        if b"\0" not in bloc and b"\r" not in bloc:
            if bloc.isascii():
                return lignes, []
            if self.nom in ("", "utf-8") and _is_utf8(bloc):
                self.nom = "utf-8"
                return lignes, []
        return self._check_each(lignes)

    def _check_each(self, lignes: list[bytes]) -> tuple[list[bytes], list[tuple[int, str]]]:
        bonnes: list[bytes] = []
        refus: list[tuple[int, str]] = []
        for rang, ligne in enumerate(lignes):
            propre, raison = self._read(ligne)
            bonnes.append(propre)
            if raison:
                refus.append((rang, raison))
        return bonnes, refus

    def _read(self, ligne: bytes) -> tuple[bytes, str]:
        if b"\0" in ligne or b"\r" in ligne:
            return b"", CONTROLE
        if ligne.isascii():
            return ligne, ""
        codage = "utf-8" if _is_utf8(ligne) else "cp1252"
        self.nom = self.nom or codage
        if codage != self.nom:
            return b"", ILLISIBLE
        if codage == "utf-8":
            return ligne, ""
        try:
            return ligne.decode("cp1252").encode(), ""
        except UnicodeDecodeError:
            return b"", ILLISIBLE


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True
