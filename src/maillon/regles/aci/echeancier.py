"""The whole schedule of five years: what is fixed, and beside it what results, a crisis or the ARS bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial

from maillon.regles.aci.aides import compute_aide_demarrage
from maillon.regles.aci.bareme import Parts, compute_parts
from maillon.regles.aci.termes import Periode, Termes, find_periode
from maillon.regles.aci.types import Mission, Montant, round_cent
from maillon.regles.aci.versements import (
    Echeancier,
    Nature,
    Versement,
    compute_versements_termes,
    explain_by,
)
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Statut


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The evaluation of contract year ``annee``: its date, ``None`` while not planned, and the euros it grants by
    mission; a mission that it does not name is not evaluated yet, one that won nothing is given 0."""

    annee: int
    le: date | None = None
    montants: Mapping[Mission, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """A crisis that the ARS recognised on ``le``; ``montant`` when its decision states one."""

    le: date
    montant: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AideDemarrage:
    """The start-up aid of the ARS; ``le`` is its payment, ``None`` while unknown; ``montant`` when known."""

    le: date | None = None
    montant: Decimal | None = None
    source: str = "décision de l’ARS"


def compute_echeancier(
    *,
    signature: date,
    termes: Sequence[Termes],
    evaluations: Iterable[Evaluation] = (),
    activations: Iterable[Activation] = (),
    aide: AideDemarrage | None = None,
) -> Echeancier:
    """The fixed schedule, the variable part of each year, recognised crises and the start-up aid.

    The variable part of a year is paid after its evaluation. Before, it is listed at the most that it can be, not
    sure, without a date unless a fact gives one. The terms are those of the last day of the year: the annex then in
    force is the one evaluated. A crisis is paid under the terms of the day of the ARS's decision.
    """
    fixe = compute_versements_termes(signature=signature, termes=termes)
    evaluees = _read_evaluations(evaluations, len(fixe.anniversaires) - 1)
    ajouts = [*_variables(fixe, evaluees), *_activations(fixe, activations)]
    if aide is not None:
        ajouts.append(_aide(fixe, aide))
    versements = sorted(
        [*fixe.versements, *ajouts], key=lambda v: (v.date is None, v.date or date.max, v.annee_contrat)
    )
    return replace(fixe, versements=tuple(versements))


def _read_evaluations(evaluations: Iterable[Evaluation], duree: int) -> dict[int, Evaluation]:
    lues: dict[int, Evaluation] = {}
    for evaluation in evaluations:
        if not 1 <= evaluation.annee <= duree:
            raise SaisieInvalide(
                f"L’année de contrat « {evaluation.annee} » n’existe pas : un contrat dure {duree} ans."
            )
        if evaluation.annee in lues:
            raise SaisieInvalide(f"L’année {evaluation.annee} est évaluée deux fois.")
        lues[evaluation.annee] = evaluation
    return lues


def _variables(echeancier: Echeancier, evaluees: Mapping[int, Evaluation]) -> Iterator[Versement]:
    for annee, fin in enumerate(echeancier.anniversaires[1:], start=1):
        evaluation = evaluees.get(annee, Evaluation(annee=annee))
        if evaluation.le is not None and evaluation.le < fin:
            raise SaisieInvalide(
                f"L’année {annee} se clôt le {fin:%d/%m/%Y} : elle ne peut pas être évaluée le "
                f"{evaluation.le:%d/%m/%Y}."
            )
        periode = _last_periode(echeancier.periodes, fin)
        _check_montants(evaluation, periode)
        for mission in periode.missions:
            if periode.departs[mission] >= fin:
                continue
            yield from _variable(mission, evaluation, parts_at(mission, annee, periode).variable)


def _variable(mission: Mission, evaluation: Evaluation, plafond: Montant) -> Iterator[Versement]:
    annee, le = evaluation.annee, evaluation.le
    accorde = evaluation.montants.get(mission)
    if accorde is None:
        if plafond.valeur:
            yield Versement(
                le,
                annee,
                mission,
                Nature.VARIABLE,
                plafond.valeur,
                plafond.statut,
                partial(
                    _explain,
                    plafond,
                    f"Au plus, selon les indicateurs, après l’évaluation de l’année {annee}"
                    f"{f', prévue le {le:%d/%m/%Y}' if le else ''}.",
                ),
                certain=False,
            )
        return
    du = round_cent(accorde)
    if du > plafond.valeur:
        raise SaisieInvalide(
            f"L’évaluation de l’année {annee} accorde {du} € à la mission « {mission} », "
            f"dont la part variable est de {plafond.valeur} €."
        )
    if du:
        regle = f"Part variable de l’année {annee}, accordée par son évaluation."
        yield Versement(le, annee, mission, Nature.VARIABLE, du, Statut.VERIFIE, partial(_explain, plafond, regle))


def _check_montants(evaluation: Evaluation, periode: Periode) -> None:
    for mission, montant in evaluation.montants.items():
        if mission not in periode.missions:
            raise SaisieInvalide(
                f"L’évaluation de l’année {evaluation.annee} accorde un montant à la mission « {mission} », "
                "qui n’est pas au contrat."
            )
        if not (montant.is_finite() and montant >= 0):
            raise SaisieInvalide(
                f"L’évaluation de l’année {evaluation.annee} ne peut pas accorder « {montant} » : "
                "donnez des euros positifs."
            )


def _activations(echeancier: Echeancier, activations: Iterable[Activation]) -> Iterator[Versement]:
    vues: set[int] = set()
    for activation in sorted(activations, key=lambda a: a.le):
        debut, fin = echeancier.anniversaires[0], echeancier.anniversaires[-1]
        if not debut <= activation.le < fin:
            raise SaisieInvalide(
                f"La crise ne peut pas être reconnue le {activation.le:%d/%m/%Y} : le contrat va du "
                f"{debut:%d/%m/%Y} au {fin:%d/%m/%Y}."
            )
        annee = sum(jour <= activation.le for jour in echeancier.anniversaires)
        if annee in vues:
            raise SaisieInvalide(
                f"Deux crises sont reconnues dans l’année {annee} : l’activation n’est payée qu’une fois."
            )
        vues.add(annee)
        periode = find_periode(echeancier.periodes, activation.le)
        if Mission.CRISE not in periode.missions:
            raise SaisieInvalide(
                f"La mission « crise » n’est pas au contrat le {activation.le:%d/%m/%Y} : "
                "aucune activation n’est payée."
            )
        base = parts_at(Mission.CRISE, annee, periode).activation
        if activation.montant is not None:
            base = Montant.of_contrat(activation.montant, libelle="Activation", source="décision de l’ARS")
        regle = f"Crise reconnue par l’ARS, décision du {activation.le:%d/%m/%Y}."
        yield Versement(
            activation.le,
            annee,
            Mission.CRISE,
            Nature.ACTIVATION,
            base.valeur,
            base.statut,
            partial(_explain, base, regle),
        )


def _aide(echeancier: Echeancier, aide: AideDemarrage) -> Versement:
    if aide.montant is not None:
        base = Montant.of_contrat(aide.montant, libelle="Aide de l’ARS", source=aide.source)
    else:
        base = compute_aide_demarrage(on=aide.le or echeancier.signature)
    # The aid helps to write the project: it belongs to no contract year.
    regle = "Aide de l’ARS au démarrage, hors de l’ACI."
    explain = partial(_explain, base, regle)
    return Versement(aide.le, 0, None, Nature.AIDE, base.valeur, base.statut, explain)


def _explain(base: Montant, regle: str, versement: Versement) -> Montant:
    return explain_by(versement, base, regle)


def _last_periode(periodes: Sequence[Periode], fin: date) -> Periode:
    """Terms of the last day of a year that ends on ``fin``, excluded."""
    return next(p for p in reversed(periodes) if p.debut < fin)


def parts_at(mission: Mission | None, annee: int, periode: Periode) -> Parts:
    """Yearly parts of a poste under some terms."""
    taille = periode.taille.taille
    return compute_parts(mission, taille=taille, annee_contrat=annee, on=periode.on, montants=periode.montants)
