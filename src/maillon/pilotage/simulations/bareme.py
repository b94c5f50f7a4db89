"""What a change of the scale would cost over the communities of a territory. Figures from the published relevés."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db.models import JSONField, QuerySet
from django.db.models.expressions import RawSQL

from maillon.pilotage.contrats.models import Releve
from maillon.regles.aci import Mission
from maillon.regles.aci.simulation import POSTES, Couts, Grille, compute_couts, find_tailles
from maillon.regles.aci.types import libelle_of


@dataclass(frozen=True, slots=True)
class Contrats:
    """The contracts of a territory as arrays: `tailles` (n), `populations` (n, 0 when unknown), `missions` (n, 6),
    `annees` (n), `publies` (n, cents: what is published for the year without crisis)."""

    noms: Sequence[str]
    tailles: np.ndarray
    populations: np.ndarray
    missions: np.ndarray
    annees: np.ndarray
    publies: np.ndarray

    def __len__(self) -> int:
        return len(self.noms)


def read_contrats(releves: QuerySet[Releve]) -> Contrats:
    """The contracts of a selection, in one query; only the codes of their missions are taken from the JSON."""
    codes = RawSQL("jsonb_path_query_array(pilotage_releve.chiffres, '$.missions[*].code')", [], JSONField())
    lignes = list(
        releves.order_by("cpts__nom")
        .annotate(codes=codes)
        .values_list("cpts__nom", "taille", "population", "codes", "annee", "hors_activation")
    )
    return Contrats(
        noms=[ligne[0] for ligne in lignes],
        tailles=np.array([ligne[1] for ligne in lignes], dtype=np.int64),
        populations=np.array([ligne[2] or 0 for ligne in lignes], dtype=np.int64),
        missions=np.array([[m.value in ligne[3] for m in Mission] for ligne in lignes], dtype=np.bool_).reshape(
            len(lignes), len(Mission)
        ),
        annees=np.array([ligne[4] for ligne in lignes], dtype=np.int64),
        publies=np.array([int(ligne[5] * 100) for ligne in lignes], dtype=np.int64),
    )


@dataclass(frozen=True, slots=True)
class Ligne:
    """One poste, one size or one community: euros of the year without crisis, today and under each scenario."""

    libelle: str
    aujourd_hui: Decimal
    scenarios: tuple[Decimal, ...]
    note: str = ""

    @property
    def cellules(self) -> list[tuple[Decimal, Decimal]]:
        """Amount of each scenario, and its difference with today."""
        return [(montant, montant - self.aujourd_hui) for montant in self.scenarios]


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Cost of the scale of today and of each scenario. `propres` contracts have amounts of their own: they do not
    follow the scale and are left out of every sum."""

    contrats: int
    propres: int
    a_confirmer: bool
    total: Ligne
    activation: Ligne
    postes: tuple[Ligne, ...]
    tailles: tuple[Ligne, ...]
    communautes: tuple[Ligne, ...]


def compare(contrats: Contrats, actuelle: Grille, scenarios: Sequence[Grille]) -> Comparaison:
    """What the contracts that follow the scale cost today, and would cost under each other scale."""
    base = compute_couts(actuelle, tailles=contrats.tailles, missions=contrats.missions, annees=contrats.annees)
    suit = base.hors_activation == contrats.publies
    retenus = _select(contrats, suit)
    couts = [_couts(actuelle, retenus, retenus.tailles)]
    tailles = [_tailles_under(grille, actuelle, retenus) for grille in scenarios]
    couts += [_couts(grille, retenus, nouvelles) for grille, nouvelles in zip(scenarios, tailles, strict=True)]
    totaux = [lu.hors_activation for lu in couts]
    return Comparaison(
        contrats=len(retenus),
        propres=len(contrats) - len(retenus),
        a_confirmer=any(bool(lu.a_confirmer.any()) for lu in couts),
        total=_line("Tous les contrats", [int(t.sum()) for t in totaux]),
        activation=_line("Si l’ARS reconnaît une crise, en plus", [int(lu.activation.sum()) for lu in couts]),
        postes=tuple(
            _line(libelle_of(mission), [int(lu.by_poste[rang]) for lu in couts]) for rang, mission in enumerate(POSTES)
        ),
        tailles=tuple(
            _line(
                f"Taille {taille}", [int(t[retenus.tailles == taille].sum()) for t in totaux], _count(retenus, taille)
            )
            for taille in range(1, 5)
        ),
        communautes=tuple(
            _line(
                nom,
                [int(t[rang]) for t in totaux],
                "".join(_say_taille(retenus.tailles[rang], nouvelles[rang]) for nouvelles in tailles[:1]),
            )
            for rang, nom in enumerate(retenus.noms)
        ),
    )


def _select(contrats: Contrats, garde: np.ndarray) -> Contrats:
    return Contrats(
        [nom for nom, oui in zip(contrats.noms, garde, strict=True) if oui],
        *(getattr(contrats, nom)[garde] for nom in ("tailles", "populations", "missions", "annees", "publies")),
    )


def _tailles_under(grille: Grille, actuelle: Grille, contrats: Contrats) -> np.ndarray:
    """Sizes under other bounds; a contract that only gives its size keeps it."""
    if (grille.bornes == actuelle.bornes).all():
        return contrats.tailles
    return np.where(contrats.populations > 0, find_tailles(contrats.populations, grille), contrats.tailles)


def _couts(grille: Grille, contrats: Contrats, tailles: np.ndarray) -> Couts:
    return compute_couts(grille, tailles=tailles, missions=contrats.missions, annees=contrats.annees)


def _line(libelle: str, cents: Sequence[int], note: str = "") -> Ligne:
    euros = [Decimal(valeur) / 100 for valeur in cents]
    return Ligne(libelle, euros[0], tuple(euros[1:]), note)


def _count(contrats: Contrats, taille: int) -> str:
    nombre = int((contrats.tailles == taille).sum())
    return f"{nombre} contrat{'s' if nombre > 1 else ''}"


def _say_taille(avant: int, apres: int) -> str:
    return f"taille {avant} → {apres}" if avant != apres else ""
