"""Schedule of payments of a contract: fonctionnement and fixed parts, from signature to the closing of the last year.

Rounding: what is due for a year is rounded to the cent, half up; the advance is rounded the same way; the balance is
the difference, so that the parts of a year always sum to what is due. Cents are counted as integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar

from maillon.regles.aci.bareme import load_bareme
from maillon.regles.aci.exercice import Exercice, to_euros
from maillon.regles.aci.termes import (
    Periode,
    Termes,
    Tranche,
    compute_anniversaires,
    compute_prorata,
    list_postes,
    read_termes,
    refuse_plafond_seul,
    slice_annee,
)
from maillon.regles.aci.types import LigneExplication, Mission, Montant, MontantsContrat, Taille
from maillon.regles.aci.versement import POSTE_AIDE, Nature, Versement, explain_by
from maillon.regles.parametres import Statut

__all__ = [
    "POSTE_AIDE",
    "Echeancier",
    "Nature",
    "Versement",
    "compute_anniversaires",
    "compute_prorata",
    "compute_versements",
    "compute_versements_premiere_annee",
    "compute_versements_termes",
    "explain_by",
]

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Echeancier:
    """Payments by date, then year and poste; those whose date is not known yet come last.

    ``anniversaires[0]`` is the signature and ``anniversaires[n]`` the n-th anniversary: contract year n runs from
    ``anniversaires[n - 1]`` included to ``anniversaires[n]`` excluded. ``taille`` and ``on`` (date of the scale) are
    those of the first terms; ``periodes`` hold the successive ones.
    """

    anniversaires: tuple[date, ...]
    versements: tuple[Versement, ...]
    periodes: tuple[Periode, ...]

    @property
    def signature(self) -> date:
        return self.anniversaires[0]

    @property
    def taille(self) -> Taille:
        return self.periodes[0].taille.taille

    @property
    def on(self) -> date:
        return self.periodes[0].on

    @property
    def lignes_taille(self) -> tuple[LigneExplication, ...]:
        return tuple(dict.fromkeys(periode.taille.ligne for periode in self.periodes))

    @property
    def total(self) -> Montant:
        """Sum of the payments that depend on no result."""
        return self._sum(v for v in self.versements if v.certain)

    @property
    def au_plus(self) -> Montant:
        """The most that results may still bring."""
        return self._sum(v for v in self.versements if not v.certain)

    @property
    def explication(self) -> tuple[LigneExplication, ...]:
        return (*self.lignes_taille, *(ligne for v in self.versements for ligne in v.montant.explication))

    def for_annee(self, annee_contrat: int) -> tuple[Versement, ...]:
        """Payments due for a contract year, whenever they are paid."""
        return tuple(v for v in self.versements if v.annee_contrat == annee_contrat)

    def between(self, debut: date, fin: date) -> Echeancier:
        """Payments paid from ``debut`` included to ``fin`` excluded."""
        return replace(self, versements=tuple(v for v in self.versements if v.date and debut <= v.date < fin))

    def by_date(self) -> dict[date, Montant]:
        """Total of each date of payment."""
        return self._sum_by(lambda v: v.date)

    def by_annee(self) -> dict[int, Montant]:
        """Total of each contract year, sure payments only; 0 is before the contract."""
        return self._sum_by(lambda v: v.annee_contrat if v.certain else None)

    def by_poste(self) -> dict[str, Montant]:
        """Total of each poste, sure payments only."""
        return self._sum_by(lambda v: v.poste if v.certain else None)

    def _sum(self, versements: Iterable[Versement]) -> Montant:
        statuts = (periode.taille.ligne.statut for periode in self.periodes)
        return Montant.somme(v.montant for v in versements).weaken(Statut.weakest(statuts))

    def _sum_by(self, key: Callable[[Versement], K | None]) -> dict[K, Montant]:
        parts: dict[K, list[Montant]] = {}
        for versement in self.versements:
            if (cle := key(versement)) is not None:
                parts.setdefault(cle, []).append(versement.montant)
        return {cle: Montant.somme(montants) for cle, montants in parts.items()}


def compute_versements(
    *,
    signature: date,
    on: date | None = None,
    missions: Iterable[Mission | str] | None = None,
    demarrages: Mapping[Mission, date] | None = None,
    population: int | None = None,
    taille: Taille | int | None = None,
    montants: MontantsContrat | None = None,
) -> Echeancier:
    """Schedule of the fonctionnement and of the missions' fixed parts over the whole contract, in euros.

    Fonctionnement: 100 % of year 1 at signature, then at each anniversary 75 % of the year that begins. Mission: at
    its start 75 % of the fixed part, prorated from the start to the next anniversary; then 75 % at each anniversary.
    Balances come at the anniversary that closes the year. The variable parts and the crisis activation depend on what
    happens and are not in the schedule: see ``compute_echeancier``.

    ``on`` chooses the scale (the signature by default); ``demarrages`` gives the start of missions that do not start
    at signature. Same errors as ``compute_plafond``.
    """
    termes = Termes(
        depuis=signature,
        population=population,
        taille=taille,
        missions=None if missions is None else tuple(missions),
        demarrages=demarrages or {},
        montants=montants,
        on=on,
    )
    return compute_versements_termes(signature=signature, termes=(termes,))


def compute_versements_termes(*, signature: date, termes: Sequence[Termes]) -> Echeancier:
    """The same schedule under successive terms (a contract and its avenants).

    An amount that changes inside a year counts for its real days. What is advanced is completed on the day of the
    change when the year is then worth more; when it is worth less, the balance of the year takes the difference back.
    """
    periodes, anniversaires = read_termes(signature, termes)
    refuse_plafond_seul(periodes)
    rythme = load_bareme()["versements"].at(periodes[0].on)
    avance, initial = rythme.get("taux_avance").nombre, rythme.get("taux_fonctionnement_initial").nombre
    versements: list[tuple[date, Versement]] = []
    for exercice in list_exercices(periodes, anniversaires):
        versements += _pay(exercice, initial if exercice.mission is None and exercice.annee == 1 else avance)
    # The sort is stable: within one date and year, the fonctionnement comes first, then missions in order.
    versements.sort(key=lambda v: (v[0], v[1].annee_contrat))
    return Echeancier(anniversaires, tuple(v for _, v in versements), periodes)


def list_exercices(periodes: Sequence[Periode], anniversaires: Sequence[date]) -> Iterator[Exercice]:
    """Each poste over each year for which something is due."""
    for mission in list_postes(periodes):
        for annee in range(1, len(anniversaires)):
            debut, fin = anniversaires[annee - 1], anniversaires[annee]
            if tranches := slice_annee(mission, annee, periodes, debut, fin):
                yield Exercice(mission, annee, debut, fin, tranches)


def _pay(exercice: Exercice, taux: Decimal) -> Iterator[tuple[date, Versement]]:
    """Advances at the beginning and balance at the anniversary that closes the year; they sum to what is due."""
    mission, annee, verse = exercice.mission, exercice.annee, 0
    for tranche, cents in exercice.advance(taux):
        complement = tranche is not exercice.tranches[0]
        nature = Nature.TOTALITE if taux == 1 and not complement else Nature.AVANCE
        statut = Statut.MEMOIRE if complement else tranche.annuel.statut
        explain = partial(_explain_avance, exercice, tranche, taux)
        yield tranche.debut, Versement(tranche.debut, annee, mission, nature, to_euros(cents), statut, explain)
        verse += cents
    if solde := exercice.due_until(exercice.fin) - verse:
        nature = Nature.SOLDE if solde > 0 else Nature.REPRISE
        explain = partial(_explain_solde, exercice)
        yield (
            exercice.fin,
            Versement(exercice.fin, annee, mission, nature, to_euros(solde), exercice.statut, explain),
        )


def _explain_avance(exercice: Exercice, tranche: Tranche, taux: Decimal, versement: Versement) -> Montant:
    pour_cent = f"{taux * 100:.0f} %"
    if tranche is exercice.tranches[0]:
        regle = f"{pour_cent} du montant de l’année {exercice.annee}. {exercice.say_depart(tranche)}"
    else:
        regle = (
            f"Complément : {pour_cent} du montant de l’année {exercice.annee} tel que l’avenant le porte, moins ce "
            f"qui est déjà avancé. {exercice.say_prorata()}"
        )
    return explain_by(versement, tranche.annuel, regle)


def _explain_solde(exercice: Exercice, versement: Versement) -> Montant:
    if versement.nature is Nature.REPRISE:
        regle = f"Les avances ont dépassé ce qui est dû pour l’année {exercice.annee} : la différence est reprise."
    else:
        regle = f"Solde de l’année {exercice.annee} à l’anniversaire qui la clôt."
    return explain_by(versement, exercice.tranches[-1].annuel, f"{regle} {exercice.say_prorata()}")


def compute_versements_premiere_annee(
    *,
    signature: date,
    on: date | None = None,
    missions: Iterable[Mission | str] | None = None,
    demarrages: Mapping[Mission, date] | None = None,
    population: int | None = None,
    taille: Taille | int | None = None,
    montants: MontantsContrat | None = None,
) -> Echeancier:
    """Payments made before the first anniversary; arguments and errors of ``compute_versements``."""
    echeancier = compute_versements(
        signature=signature,
        on=on,
        missions=missions,
        demarrages=demarrages,
        population=population,
        taille=taille,
        montants=montants,
    )
    return echeancier.between(signature, echeancier.anniversaires[1])
