"""Fingerprints of lines, and finding those of a file among those of the table. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

Empreintes = NDArray[np.int64]
_SIGNE = np.uint64(1 << 63)


def compute_empreintes(lignes: Sequence[bytes]) -> Empreintes:
    """Fingerprints of the lines, as the database keeps them: 64 bits read as a signed integer."""
    return np.fromiter(map(xxh3_64_intdigest, lignes), dtype=np.uint64, count=len(lignes)).view(np.int64)


class Connues:
    """The fingerprints that the table holds. They are evenly spread: the first bits of one say nearly at which rank it
    stands, where a search by halves would wait for memory twenty times.
    """

    def __init__(self, triees: Empreintes) -> None:
        self.triees = triees
        bits = max(len(triees).bit_length() - 1, 1)
        self._decalage = np.uint64(64 - bits)
        nombres = np.bincount(self._cut(triees), minlength=1 << bits)
        # Rank of the first that begins with these bits or, failing that, of the one that follows.
        self._rangs = np.minimum(np.cumsum(nombres) - nombres, max(len(triees) - 1, 0)).astype(np.int32)

    def __len__(self) -> int:
        return len(self.triees)

    def _cut(self, empreintes: Empreintes) -> NDArray[np.intp]:
        """The first bits, in the order of signed integers."""
        return ((empreintes.view(np.uint64) ^ _SIGNE) >> self._decalage).astype(np.intp)

    def find_new(self, empreintes: Empreintes) -> NDArray[np.intp]:
        """The places of those that the table does not have."""
        if not len(self.triees):
            return np.arange(len(empreintes))
        rangs = self._rangs[self._cut(empreintes)]
        trouvees = self.triees[rangs]
        absentes = [np.flatnonzero(trouvees > empreintes)]
        restent = np.flatnonzero(trouvees < empreintes)
        while len(restent):
            cherchees, suivants = empreintes[restent], rangs[restent] + 1
            rangs[restent] = np.minimum(suivants, len(self.triees) - 1)
            trouvees = self.triees[rangs[restent]]
            avant = (trouvees < cherchees) & (suivants < len(self.triees))
            absentes.append(restent[(trouvees != cherchees) & ~avant])
            restent = restent[avant]
        return np.sort(np.concatenate(absentes))


def is_in(valeurs: NDArray[Any], triees: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of these values are among the sorted ones."""
    if not len(triees):
        return np.zeros(len(valeurs), dtype=bool)
    rangs = np.searchsorted(triees, valeurs)
    rangs[rangs == len(triees)] = 0
    return triees[rangs] == valeurs
