"""The five years of payments of a contract: expected, received, and the difference."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from maillon.regles import aci
from maillon.regles.aci.recus import Rapprochement, Recu, compare_recus
from maillon.regles.aci.resiliation import list_versements
from maillon.regles.aci.vie import sum_recus
from maillon.regles.erreurs import BaremeIncomplet

from .enums import GenreDecision, NatureVersement
from .models import Avenant, Contrat, Decision, MissionContrat, VersementRecu
from .termes import TermesContrat, build_regles, list_termes, read_rows

# What the schedule calls a payment, as receipts name it.
NATURES = {
    aci.Nature.TOTALITE: NatureVersement.TOTALITE,
    aci.Nature.AVANCE: NatureVersement.AVANCE,
    aci.Nature.SOLDE: NatureVersement.SOLDE,
    aci.Nature.REPRISE: NatureVersement.REMBOURSEMENT,
    aci.Nature.VARIABLE: NatureVersement.VARIABLE,
    aci.Nature.ACTIVATION: NatureVersement.ACTIVATION,
    aci.Nature.AIDE: NatureVersement.AIDE,
}


@dataclass(frozen=True, slots=True)
class Echeance:
    """Payments of one nature for one year on one date (None: after the evaluation), with what they are made of."""

    date: date | None
    annee: int
    nature: aci.Nature
    versements: tuple[aci.Versement, ...]

    @property
    def total(self) -> Decimal:
        return sum((v.valeur for v in self.versements), Decimal("0.00"))

    @property
    def certain(self) -> bool:
        return all(v.certain for v in self.versements)

    @property
    def a_confirmer(self) -> bool:
        return any(v.statut.a_confirmer for v in self.versements)


@dataclass(frozen=True, slots=True)
class EcheancierContrat:
    """The schedule of a contract on a day, beside what was received. `termes` are the successive ones."""

    contrat: Contrat
    on: date
    termes: tuple[TermesContrat, ...]
    echeancier: aci.Echeancier
    recus: tuple[VersementRecu, ...]
    compte: Rapprochement
    resiliation: aci.Resiliation | None

    @property
    def is_resilie(self) -> bool:
        return self.resiliation is not None

    @property
    def echeances(self) -> tuple[Echeance, ...]:
        """By date, then year and nature."""
        groupes: dict[tuple[date | None, int, aci.Nature], list[aci.Versement]] = defaultdict(list)
        for versement in self.echeancier.versements:
            groupes[versement.date, versement.annee_contrat, versement.nature].append(versement)
        return tuple(Echeance(*cle, tuple(versements)) for cle, versements in groupes.items())

    @property
    def a_confirmer(self) -> bool:
        """Whether an amount expected by the day is recalled, and not yet read in a text."""
        return any(
            v.statut.a_confirmer
            for v in self.echeancier.versements
            if v.certain and v.date is not None and v.date <= self.on
        )

    @property
    def prochaine(self) -> tuple[date, Decimal] | None:
        """The next date on which sure money comes, and how much."""
        futures = {v.date for v in self.echeancier.versements if v.date is not None and v.certain and v.date > self.on}
        if not futures:
            return None
        jour = min(futures)
        return jour, sum(
            (v.valeur for v in self.echeancier.versements if v.date == jour and v.certain), Decimal("0.00")
        )


def compute_echeancier(contrat: Contrat, on: date) -> EcheancierContrat | None:
    """Expected and received payments of a contract; None when only its total is known. Queries: five."""
    missions, avenants = read_rows(contrat)
    decisions = list(contrat.decisions.all())
    recus = tuple(contrat.versements_recus.select_related("document"))
    return build_echeancier(contrat, on, missions=missions, avenants=avenants, decisions=decisions, recus=recus)


def build_echeancier(
    contrat: Contrat,
    on: date,
    *,
    missions: Sequence[MissionContrat],
    avenants: Sequence[Avenant],
    decisions: Sequence[Decision] = (),
    recus: Sequence[VersementRecu] = (),
) -> EcheancierContrat | None:
    """The same from rows already read: no query when `avenants` come with their missions."""
    termes = list_termes(contrat, missions, avenants)
    regles = build_regles(termes, started=True)
    arrives = [_recu(r) for r in recus]
    try:
        echeancier = aci.compute_echeancier(
            signature=contrat.signe_le,
            termes=regles,
            evaluations=_evaluations(decisions),
            activations=_activations(decisions),
            aide=_aide(decisions),
        )
    except BaremeIncomplet:
        return None
    resiliation, fin = None, contrat.periode.upper
    if fin < echeancier.anniversaires[-1]:
        resiliation = compute_resiliation(contrat, termes, list_avances(recus), le=fin)
        # What was received changes what remains to be settled, never what the schedule expects.
        echeancier = _cut(echeancier, aci.compute_resiliation(signature=contrat.signe_le, termes=regles, le=fin))
    compte = compare_recus(echeancier, arrives, on=on)
    return EcheancierContrat(contrat, on, termes, echeancier, tuple(recus), compte, resiliation)


def compute_resiliation(
    contrat: Contrat, termes: Sequence[TermesContrat], recus: Iterable[Recu], *, le: date
) -> aci.Resiliation:
    """The account of a contract that ends on `le`: from what was received for that year, else from the schedule."""
    annee = sum(jour < le for jour in aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le))
    return aci.compute_resiliation(
        signature=contrat.signe_le,
        termes=build_regles(termes, started=True),
        le=le,
        recus=sum_recus(recus, annee, le),
    )


def list_avances(recus: Iterable[VersementRecu]) -> list[Recu]:
    """What was received of the fixed parts, as a termination compares them."""
    fixes = (NatureVersement.TOTALITE, NatureVersement.AVANCE, NatureVersement.SOLDE)
    return [_recu(r) for r in recus if r.nature in fixes]


def _cut(echeancier: aci.Echeancier, compte: aci.Resiliation) -> aci.Echeancier:
    """A contract ended early: what falls on its last day or after is replaced by its account.

    The variable parts of the years closed by then are still to be evaluated.
    """
    fin = compte.le
    closes = sum(jour <= fin for jour in echeancier.anniversaires) - 1
    gardes = [
        v
        for v in echeancier.versements
        if (v.annee_contrat <= closes if v.nature is aci.Nature.VARIABLE else v.date is None or v.date < fin)
    ]
    versements = sorted([*gardes, *list_versements(compte)], key=lambda v: (v.date is None, v.date or date.max))
    return replace(echeancier, versements=tuple(versements))


def _recu(recu: VersementRecu) -> Recu:
    return Recu(date=recu.le, montant=recu.montant, annee=recu.annee, poste=recu.poste or aci.ENSEMBLE)


def _evaluations(decisions: Iterable[Decision]) -> list[aci.Evaluation]:
    annees: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.genre == GenreDecision.EVALUATION:
            annees[decision.annee].append(decision)
    return [
        aci.Evaluation(
            annee=annee,
            le=max(d.le for d in siennes),
            montants={aci.Mission(d.mission): d.montant for d in siennes if d.mission and d.montant is not None},
        )
        for annee, siennes in annees.items()
    ]


def _activations(decisions: Iterable[Decision]) -> list[aci.Activation]:
    return [aci.Activation(le=d.le, montant=d.montant) for d in decisions if d.genre == GenreDecision.ACTIVATION]


def _aide(decisions: Iterable[Decision]) -> aci.AideDemarrage | None:
    aides = [d for d in decisions if d.genre == GenreDecision.AIDE]
    return aci.AideDemarrage(le=aides[0].le, montant=aides[0].montant) if aides else None
