"""Who is placed: the lexicographically best set by rank, then the persons' own choices, by augmenting paths.

Sets of doctors are integers, one bit a doctor. The sets of patients who can all be placed are the independent sets of a
transversal matroid: taking each patient in the order of the rank, when those taken can still all be placed, gives the
best set, and the largest. See docs/algorithmes/appariement.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise


class Couplage:
    """Places taken; a patient already taken may change doctor, never lose a place."""

    def __init__(self, places: Sequence[int]) -> None:
        self._places = places
        self._occupants: list[dict[int, int]] = [{} for _ in places]  # by doctor: each patient's possible doctors
        self._portees = [0] * len(places)  # by doctor: where its occupants could go instead
        self._libres = sum(1 << medecin for medecin, nombre in enumerate(places) if nombre)
        self._fermes = 0  # doctors from whom no free place can be reached any more, whatever comes
        self.affectes: dict[int, int] = {}

    def admit(self, patient: int, possibles: int) -> bool:
        """Place one more patient, moving others if need be; False when no free place can be reached."""
        chemin = self._find_path(possibles & ~self._fermes)
        if chemin:
            self._shift(chemin)
            self._put(patient, chemin[0], possibles)
        return bool(chemin)

    def fix(self, patient: int, medecin: int) -> bool:
        """Give this doctor to a placed patient for good, if all the others keep a place; False changes nothing."""
        self._fermes = 0  # places that are freed here may open them again
        ancien = self.affectes[patient]
        possibles = self._take(patient, ancien)
        chemin = self._find_path(1 << medecin)
        if not chemin:
            self._put(patient, ancien, possibles)
            return False
        self._shift(chemin)
        self._put(patient, medecin, 1 << medecin)
        return True

    def _find_path(self, departs: int) -> list[int]:
        """Doctors from one of ``departs`` to one with a free place, each able to hand a patient over to the next."""
        if directs := departs & self._libres:
            return [next(iter_bits(directs))]
        vus, file = departs, list(iter_bits(departs))
        origine = dict.fromkeys(file, -1)
        for medecin in file:
            nouveaux = self._portees[medecin] & ~vus & ~self._fermes
            vus |= nouveaux
            for suivant in iter_bits(nouveaux):
                origine[suivant] = medecin
                file.append(suivant)
            if arrivees := nouveaux & self._libres:
                chemin = [next(iter_bits(arrivees))]
                while (precedent := origine[chemin[0]]) >= 0:
                    chemin.insert(0, precedent)
                return chemin
        self._fermes |= vus
        return []

    def _shift(self, chemin: list[int]) -> None:
        """Free a place at the first doctor of the path: each hands one patient over to the next."""
        for medecin, suivant in reversed(list(pairwise(chemin))):
            occupants = self._occupants[medecin]
            patient = next(occupant for occupant, possibles in occupants.items() if possibles >> suivant & 1)
            self._put(patient, suivant, self._take(patient, medecin))

    def _put(self, patient: int, medecin: int, possibles: int) -> None:
        self._occupants[medecin][patient] = possibles
        self._portees[medecin] |= possibles
        if len(self._occupants[medecin]) == self._places[medecin]:
            self._libres &= ~(1 << medecin)
        self.affectes[patient] = medecin

    def _take(self, patient: int, medecin: int) -> int:
        possibles = self._occupants[medecin].pop(patient)
        portee = 0
        for autres in self._occupants[medecin].values():
            portee |= autres
        self._portees[medecin] = portee
        self._libres |= 1 << medecin
        return possibles


def place_all(
    possibles: Sequence[int], places: Sequence[int], choix: Sequence[Sequence[int]]
) -> tuple[dict[int, int], frozenset[int]]:
    """A doctor by placed patient, for patients in the order of the rank, and those whose doctor is their own choice.

    ``possibles`` are the doctors who suit each, ``choix`` those each asks for, in order.
    """
    couplage = Couplage(places)
    for patient, medecins in enumerate(possibles):
        couplage.admit(patient, medecins)
    choisis = {
        patient
        for patient, voulus in enumerate(choix)
        if patient in couplage.affectes
        and any(possibles[patient] >> medecin & 1 and couplage.fix(patient, medecin) for medecin in voulus)
    }
    return couplage.affectes, frozenset(choisis)


def iter_bits(masque: int) -> Iterator[int]:
    """Numbers of the bits that are set, from the lowest."""
    while masque:
        bit = masque & -masque
        yield bit.bit_length() - 1
        masque ^= bit
