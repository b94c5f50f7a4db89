"""Lines of a published file made into lines that the database copies. Pure; the loop that runs 2.4 million times.

Everything stays bytes: a block is decoded only to be checked, and transcoded only when its file is in Windows-1252.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from .colonnes import Entete
from .empreintes import Empreintes, is_in
from .noms import normalize_noms

Places = NDArray[np.intp]
# Published lines stay under 1 000 bytes, and no text of one may be too long for an index.
LIGNE_MAX = 2500
# Under so many lines, arrays cost more than they save.
PEU = 200
BARRE, ZERO, HUIT, A = b"|08a"
AUCUN = np.empty(0, dtype=np.uint64)
# The end of the last line, and what lets eight bytes be read from any place.
_BORD = b"\n" + b"\0" * 16
_MASQUES = np.array([(1 << 8 * n) - 1 for n in range(9)], dtype="<u8")

COLONNES_EN_TROP = "nombre de colonnes différent de celui des titres"
TROP_LONGUE = "ligne trop longue"
IDENTIFIANT = "identifiant qui n’est ni un numéro RPPS de 11 chiffres, ni un numéro ADELI"
SANS_NOM = "professionnel sans nom"
DOUBLON = "ligne répétée à l’identique"


# -- lines -----------------------------------------------------------------------------------------------------------


class Lecteur:
    """Turns lines of one file into lines of COPY; the others are refused.

    Lines that all have the width of the header, a number and a name are cut together, by the places of their
    separators in one array of bytes. The others, and small batches, are read one by one.
    """

    def __init__(self, entete: Entete) -> None:
        self.entete = entete
        # Labels seen, by nomenclature and code; words of the names.
        self.libelles: dict[tuple[str, str], str] = {}
        self.mots: set[bytes] = set()
        self._largeur = len(entete.titres)
        # Lines may end with an empty column that the header does not announce, or the reverse.
        self._bord = self._largeur - 1 if not entete.titres[-1] else self._largeur + 1
        self._type, self._identifiant = entete.rank("type_identifiant"), entete.rank("identifiant")
        self._gardees = [rang for rang, _ in entete.gardees]
        self._noms = (entete.rank("nom"), entete.rank("prenom")) if entete.forme.is_activites else None
        self._codes_vus: dict[str, NDArray[np.uint64]] = {}

    def read(self, lignes: Sequence[bytes], empreintes: Empreintes) -> tuple[list[bytes], list[tuple[int, str]]]:
        """Rows to copy, and the rank and reason of each line refused."""
        if len(lignes) < PEU:
            return self._read_each(lignes, empreintes, range(len(lignes)))
        texte = b"\n".join(lignes) + _BORD
        octets = np.frombuffer(texte, dtype=np.uint8)
        fins = np.cumsum(np.fromiter(map(len, lignes), dtype=np.intp, count=len(lignes)) + 1) - 1
        separateurs = np.flatnonzero(octets == BARRE)
        rangs = np.searchsorted(separateurs, fins)
        largeurs = np.diff(rangs, prepend=0) + 1
        largeur = self._bord if largeurs[0] == self._bord else self._largeur
        bonnes = largeurs == largeur
        if bonnes.all():
            decoupe = Decoupe(texte, octets, fins, separateurs.reshape(len(fins), largeur - 1))
            bonnes = self._check(decoupe)
            if bonnes.all():
                return self._write(decoupe, empreintes)
        gardees = np.flatnonzero(bonnes)
        rows, refus = self._read_each(lignes, empreintes, np.flatnonzero(~bonnes).tolist())
        if len(gardees):
            autres, refusees = self.read([lignes[rang] for rang in gardees.tolist()], empreintes[gardees])
            rows += autres
            refus += [(int(gardees[rang]), raison) for rang, raison in refusees]
        return rows, refus

    def _check(self, decoupe: "Decoupe") -> NDArray[np.bool_]:
        """Which lines are plainly good: an RPPS number, a name, a bearable length."""
        octets = decoupe.octets
        debut, fin = decoupe.get_bounds(self._type)
        bonnes = (fin - debut == 1) & (octets[debut] == HUIT) & (decoupe.longueurs <= LIGNE_MAX)
        debut, fin = decoupe.get_bounds(self._identifiant)
        chiffres = octets[debut[:, None] + np.arange(11)] - np.uint8(ZERO)
        bonnes &= (fin - debut == 11) & (chiffres < 10).all(axis=1)
        if decoupe.largeur > self._largeur:
            debut, fin = decoupe.get_bounds(self._largeur)
            bonnes &= debut == fin
        if self._noms is not None:
            debut, fin = decoupe.get_bounds(self._noms[0])
            # A name that begins with a plain letter is one; the few others are looked at more closely.
            bonnes &= (fin > debut) & ((octets[debut] | np.uint8(32)) - np.uint8(A) < 26)
        return bonnes

    def _write(self, decoupe: "Decoupe", empreintes: Empreintes) -> tuple[list[bytes], list[tuple[int, str]]]:
        self._harvest(decoupe)
        lignes = decoupe.keep(self._gardees)
        if self._noms is None:
            return [b"%d|%b" % paire for paire in zip(empreintes.tolist(), lignes, strict=False)], []
        nom, prenom = self._noms
        if prenom == nom + 1:
            noms = decoupe.get_texts(nom, prenom)
        else:
            paires = zip(decoupe.get_texts(nom, nom), decoupe.get_texts(prenom, prenom), strict=True)
            noms = [b"%b %b" % paire for paire in paires]
        cherches, mots = normalize_noms(noms)
        self.mots |= mots
        return [b"%d|%b|%b" % trio for trio in zip(empreintes.tolist(), cherches, lignes, strict=False)], []

    def _harvest(self, decoupe: "Decoupe") -> None:
        """Labels of the codes not met yet. A code of eight characters at the most is compared as one number."""
        for nomenclature, (code, libelle) in self.entete.libelles.items():
            cles = decoupe.pack(code)
            vus = self._codes_vus.get(nomenclature, AUCUN)
            nouvelles = np.flatnonzero(~is_in(cles, vus))
            if not len(nouvelles):
                continue
            uniques, premieres = np.unique(cles[nouvelles], return_index=True)
            for rang in nouvelles[premieres].tolist():
                self._keep_libelle(nomenclature, decoupe.get_text(rang, code), decoupe.get_text(rang, libelle))
            self._codes_vus[nomenclature] = np.union1d(vus, uniques)

    def _keep_libelle(self, nomenclature: str, code: bytes, libelle: bytes) -> None:
        if code and libelle:
            self.libelles.setdefault((nomenclature, code.decode()), libelle.decode())

    # -- one by one -----------------------------------------------------------------------------------------------

    def _read_each(
        self, lignes: Sequence[bytes], empreintes: Empreintes, rangs: Iterable[int]
    ) -> tuple[list[bytes], list[tuple[int, str]]]:
        rows: list[bytes] = []
        refus: list[tuple[int, str]] = []
        for rang in rangs:
            champs = lignes[rang].split(b"|")
            if len(champs) == self._bord:
                champs = [*champs, b""] if len(champs) < self._largeur else champs[:-1] if not champs[-1] else champs
            if raison := self._refuse(lignes[rang], champs):
                refus.append((rang, raison))
                continue
            debut = b"%d|" % int(empreintes[rang])
            if self._noms is not None:
                [nom], mots = normalize_noms([b" ".join(champs[n] for n in self._noms)])
                if not nom or not champs[self._noms[0]]:
                    refus.append((rang, SANS_NOM))
                    continue
                self.mots |= mots
                debut += nom + b"|"
            for nomenclature, (code, libelle) in self.entete.libelles.items():
                self._keep_libelle(nomenclature, champs[code], champs[libelle])
            rows.append(debut + b"|".join([champs[garde] for garde in self._gardees]))
        return rows, refus

    def _refuse(self, ligne: bytes, champs: list[bytes]) -> str:
        """Why a line is left out, or ""."""
        if len(ligne) > LIGNE_MAX:
            return TROP_LONGUE
        if len(champs) != self._largeur:
            return COLONNES_EN_TROP
        identifiant = champs[self._identifiant]
        is_rpps = champs[self._type] == b"8" and len(identifiant) == 11 and identifiant.isdigit()
        is_adeli = champs[self._type] == b"0" and 8 <= len(identifiant) <= 9 and identifiant.isalnum()
        return "" if is_rpps or is_adeli else IDENTIFIANT


class Decoupe:
    """Lines of the same width in one array of bytes: where each column begins and ends in each line."""

    def __init__(self, texte: bytes, octets: NDArray[np.uint8], fins: Places, separateurs: Places) -> None:
        self.texte, self.octets, self.fins, self._separateurs = texte, octets, fins, separateurs
        self.largeur = separateurs.shape[1] + 1
        self._debuts = np.concatenate(([0], fins[:-1] + 1))
        self.longueurs = fins - self._debuts
        # Eight bytes from every place, as one number.
        self._huit = np.lib.stride_tricks.as_strided(octets[:8].view(np.uint64), (len(octets) - 7,), (1,))

    def get_bounds(self, colonne: int) -> tuple[Places, Places]:
        """Where a column begins, and where it ends (excluded), line by line."""
        debut = self._debuts if not colonne else self._separateurs[:, colonne - 1] + 1
        return debut, self.fins if colonne >= self.largeur - 1 else self._separateurs[:, colonne]

    def get_text(self, ligne: int, colonne: int) -> bytes:
        debut, fin = self.get_bounds(colonne)
        return self.octets[debut[ligne] : fin[ligne]].tobytes()

    def get_texts(self, debut: int, fin: int) -> list[bytes]:
        """The text from a column to another, bars included, line by line."""
        texte = self.texte
        depart, _ = self.get_bounds(debut)
        _, arrivee = self.get_bounds(fin)
        return [texte[a:b] for a, b in zip(depart.tolist(), arrivee.tolist(), strict=True)]

    def pack(self, colonne: int) -> NDArray[np.uint64]:
        """The first eight bytes of a column as one number, with its length if it is longer."""
        debut, fin = self.get_bounds(colonne)
        longueurs = fin - debut
        cles = self._huit[debut] & _MASQUES[np.minimum(longueurs, 8)]
        longues = longueurs > 8
        return np.where(longues, cles ^ longueurs.astype(np.uint64), cles) if longues.any() else cles

    def keep(self, colonnes: Sequence[int]) -> list[bytes]:
        """The text of these columns, in their order, between bars, line by line; one empty line more."""
        groupes = _group(colonnes)
        bornes = np.empty((len(self.fins), 2 * len(groupes) + 2), dtype=np.intp)
        for rang, (debut, fin) in enumerate(groupes):
            bornes[:, 2 * rang], arrivee = self.get_bounds(debut)[0], self.get_bounds(fin)[1]
            # The bar that follows separates from the next column kept.
            bornes[:, 2 * rang + 1] = arrivee + (rang < len(groupes) - 1)
        # The end of the line is kept; what lies between two bounds is kept, left out, kept…
        bornes[:, -2], bornes[:, -1] = self.fins, self.fins + 1
        longueurs = np.diff(bornes.ravel(), prepend=0)
        gardes = np.repeat(np.tile(np.array([False, True]), len(longueurs) // 2), longueurs)
        return self.octets[: len(gardes)][gardes].tobytes().split(b"\n")


def _group(colonnes: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of neighbours: first and last of each."""
    groupes: list[tuple[int, int]] = []
    for colonne in colonnes:
        if groupes and groupes[-1][1] == colonne - 1:
            groupes[-1] = (groupes[-1][0], colonne)
        else:
            groupes.append((colonne, colonne))
    return groupes
