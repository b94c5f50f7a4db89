"""Yearly cost of a scale over many communities at once, and of a change of that scale.

Arrays in, arrays out, in whole cents: what one contract costs is what ``compute_plafond`` says of it, to the cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from maillon.regles.aci.bareme import compute_parts, load_bareme, missions_of
from maillon.regles.aci.types import Mission, Taille, round_cent
from maillon.regles.erreurs import SaisieInvalide

Entiers: TypeAlias = NDArray[np.int64]
Booleens: TypeAlias = NDArray[np.bool_]

POSTES: tuple[Mission | None, ...] = (None, *Mission)
PARTS = ("fixe", "variable", "activation")
PREMIERE, SUIVANTES = 0, 1
BAISSE_MAXIMALE = Decimal(-100)
HAUSSE_MAXIMALE = Decimal(1000)


@dataclass(frozen=True, slots=True, eq=False)
class Grille:
    """A scale as arrays.

    ``montants``: cents, shape (7 postes, 3 parts, 4 sizes, 2: first year, later years); ``a_confirmer``: the same
    shape, True where an amount is recalled; ``bornes``: the three populations at which sizes 2, 3 and 4 begin;
    ``incluse``: True when a bound belongs to the size that begins there.
    """

    montants: Entiers
    a_confirmer: Booleens
    bornes: Entiers
    incluse: bool


@dataclass(frozen=True, slots=True, eq=False)
class Couts:
    """Cost of each contract over its year, in cents: ``montants`` of shape (n contracts, 7 postes, 3 parts).

    ``a_confirmer`` (n) is True for a contract of which an amount is recalled.
    """

    montants: Entiers
    a_confirmer: Booleens

    @property
    def hors_activation(self) -> Entiers:
        """Ceiling of each contract without crisis, shape (n)."""
        somme: Entiers = self.montants[:, :, :2].sum(axis=(1, 2))
        return somme

    @property
    def activation(self) -> Entiers:
        """What a recognised crisis adds to each contract, shape (n)."""
        somme: Entiers = self.montants[:, :, 2].sum(axis=1)
        return somme

    @property
    def by_poste(self) -> Entiers:
        """Total of each poste without crisis, over all contracts, shape (7)."""
        somme: Entiers = self.montants[:, :, :2].sum(axis=(0, 2))
        return somme


def read_grille(on: date) -> Grille:
    """The scale in force at a date. ``BaremeIncomplet`` when its parts are not published (2019)."""
    en_vigueur = missions_of(on)
    forme = (len(POSTES), len(PARTS), len(Taille), 2)
    montants = np.zeros(forme, dtype=np.int64)
    a_confirmer = np.zeros(forme, dtype=np.bool_)
    for p, mission in enumerate(POSTES):
        if mission is not None and mission not in en_vigueur:
            continue
        for t, taille in enumerate(Taille):
            for annee in (PREMIERE, SUIVANTES):
                parts = compute_parts(mission, taille=taille, annee_contrat=annee + 1, on=on)
                for n, nom in enumerate(PARTS):
                    montant = getattr(parts, nom)
                    montants[p, n, t, annee] = int(montant.valeur * 100)
                    a_confirmer[p, n, t, annee] = montant.a_confirmer
    version = load_bareme()["tailles"].at(on)
    bornes = [int(version.get(t.code).nombre) for t in (Taille.TAILLE_2, Taille.TAILLE_3, Taille.TAILLE_4)]
    incluse = load_bareme()["tailles_borne_incluse"].at(on).text() == "superieure"
    return Grille(montants, a_confirmer, np.array(bornes, dtype=np.int64), incluse)


def change_grille(
    grille: Grille,
    *,
    hausses: Mapping[tuple[Mission | None, str], Decimal] | None = None,
    bornes: tuple[int, int, int] | None = None,
) -> Grille:
    """The scale with other amounts (``hausses``: per cent by poste and part, −100 to 1 000) or other bounds of sizes.

    Each amount is rounded to the cent, half up. Raises ``SaisieInvalide``.
    """
    montants = grille.montants.copy()
    for (mission, part), hausse in (hausses or {}).items():
        if not (hausse.is_finite() and BAISSE_MAXIMALE <= hausse <= HAUSSE_MAXIMALE):
            raise SaisieInvalide(f"Une variation de {hausse} % est impossible : donnez de −100 à 1 000 %.")
        case = (POSTES.index(mission), PARTS.index(part))
        for cle, cents in np.ndenumerate(montants[case]):
            montants[case][cle] = int(round_cent(Decimal(int(cents)) * (100 + hausse) / 10_000) * 100)
    if bornes is None:
        return replace(grille, montants=montants)
    if not 0 < bornes[0] < bornes[1] < bornes[2]:
        raise SaisieInvalide("Les tailles 2, 3 et 4 commencent à des populations croissantes : corrigez leurs bornes.")
    return replace(grille, montants=montants, bornes=np.array(bornes, dtype=np.int64))


def find_tailles(populations: Entiers, grille: Grille) -> Entiers:
    """Size (1 to 4) of each population, shape (n)."""
    cote: Literal["left", "right"] = "right" if grille.incluse else "left"
    return np.searchsorted(grille.bornes, populations, side=cote).astype(np.int64) + 1


def compute_couts(grille: Grille, *, tailles: Entiers, missions: Booleens, annees: Entiers) -> Couts:
    """Cost of each contract's year, without prorata.

    ``tailles`` (n, 1 to 4); ``missions`` (n, 6, in the order of ``Mission``) says which are contracted; ``annees`` (n,
    from 1) is the year of the contract.
    """
    suivantes = np.where(annees > 1, SUIVANTES, PREMIERE)
    # (7, 3, n) then (n, 7, 3): the amounts of each contract's size and year.
    choisis = grille.montants[:, :, tailles - 1, suivantes].transpose(2, 0, 1)
    doutes = grille.a_confirmer[:, :, tailles - 1, suivantes].transpose(2, 0, 1)
    presents = np.concatenate([np.ones((len(tailles), 1), dtype=np.bool_), missions], axis=1)[:, :, np.newaxis]
    montants: Entiers = choisis * presents
    return Couts(montants, (doutes & presents & (montants != 0)).any(axis=(1, 2)))
