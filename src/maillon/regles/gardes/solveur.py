"""Solving: cover, then fairness, then wishes, each among the plans that are best for the former."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from maillon.regles.gardes.explications import explain, list_vises, say_cout
from maillon.regles.gardes.groupe import Groupe, Paire, list_professions
from maillon.regles.gardes.mesures import build_bilans
from maillon.regles.gardes.plan import Avance, Bilan, Niveau, Objectif, Plan, ProblemeContradictoire, Refus
from maillon.regles.gardes.types import Affectation, Indisponibilite, Probleme, Sens, Souhait

# The solver takes 40 MB and half a second: it is loaded by who solves, not by every process that reads a roster.
if TYPE_CHECKING:
    from maillon.regles.gardes.flot import Reprise


def solve(
    probleme: Probleme, *, duree: float = 30, depart: Collection[Affectation] = (), avance: Avance | None = None
) -> Plan:
    """The best roster found in ``duree`` seconds; ``plan.prouve`` says whether it is the best there is.

    ``depart`` is a plan to start the search from (it changes the time, not what is best); ``avance`` is told of the
    progress. Raises ``ProblemeContradictoire`` when the rules leave no plan at all.
    """
    probleme.check_affectations(depart, "Une affectation de départ")
    return _solve(probleme, duree, depart, None, avance)


def replan(
    probleme: Probleme,
    plan: Plan,
    absents: Collection[Indisponibilite],
    *,
    duree: float = 30,
    avance: Avance | None = None,
) -> Plan:
    """The roster when somebody drops out: cover first, then as few changes for the others as can be.

    Fairness, then wishes, decide among what is still equal. What the absent were fixed on during their absence is
    freed.
    """
    probleme = withdraw(probleme, absents)
    probleme.check_affectations(plan.affectations, "Une affectation de l’ancien plan")
    return _solve(probleme, duree, plan.affectations, {absence.personne for absence in absents}, avance)


def price_souhait(probleme: Probleme, plan: Plan, souhait: Souhait, *, duree: float = 10) -> Refus:
    """What granting a wish would cost to the best plan: the problem is solved again with the wish as a rule.

    ``exact`` when each search is proven; the costs are those of the best plan found otherwise.
    """
    vises = list_vises(probleme, souhait)
    if souhait.sens is Sens.EVITE:
        variantes = [replace(probleme, interdites=_join(probleme.interdites, [(souhait.personne, q) for q in vises]))]
    else:
        variantes = [replace(probleme, fixees=_join(probleme.fixees, [(souhait.personne, q)])) for q in vises]
    couts, prouves = [], True
    for variante in variantes:
        try:
            trouve = solve(variante, duree=duree / len(variantes), depart=plan.affectations)
        except ProblemeContradictoire:
            continue
        prouves = prouves and trouve.prouve
        couts.append(_subtract(trouve, plan))
    if not couts:
        return Refus(souhait, False, "Aucun tableau qui respecte les règles ne l’accorde.", exact=True)
    return Refus(souhait, True, say_cout(min(couts), "refaire le tableau"), min(couts), exact=prouves)


def _join(affectations: Iterable[Affectation], paires: Iterable[tuple[str, str]]) -> tuple[Affectation, ...]:
    return tuple({*affectations, *(Affectation(poste, personne) for personne, poste in paires)})


def _subtract(apres: Plan, avant: Plan) -> tuple[int, int, int]:
    ecarts = {o: apres.niveau(o).valeur - avant.niveau(o).valeur for o in Objectif if o is not Objectif.CHANGEMENTS}
    return (ecarts[Objectif.COUVERTURE], ecarts[Objectif.EQUITE], -ecarts[Objectif.SOUHAITS])


def withdraw(probleme: Probleme, absents: Collection[Indisponibilite]) -> Probleme:
    """The problem with these absences, and without what was fixed on the absent meanwhile."""
    fixees = tuple(
        a for a in probleme.fixees
        if not any(i.personne == a.personne and i.touches(probleme.par_poste[a.poste]) for i in absents)
    )  # fmt: skip
    return replace(probleme, indisponibilites=(*probleme.indisponibilites, *absents), fixees=fixees)


def _solve(
    probleme: Probleme,
    duree: float,
    depart: Collection[Affectation],
    sortants: Collection[str] | None,
    avance: Avance | None,
) -> Plan:
    """Each profession alone, the time shared among those that are left. ``sortants`` left the plan ``depart``."""
    from maillon.regles.gardes.course import Course

    professions = list_professions(probleme)
    affectations: list[Affectation] = []
    parts: list[list[Niveau]] = []
    bilans: list[Bilan] = []
    for rang, profession in enumerate(professions):
        groupe = Groupe(probleme, profession)
        anciennes = groupe.read_paires(depart)
        reprise = None if sortants is None else _take_up(groupe, anciennes, sortants)
        course = Course(groupe, duree / (len(professions) - rang), reprise, avance)
        paires = course.run(anciennes)
        duree -= course.secondes
        affectations += groupe.write_paires(paires)
        parts.append(course.niveaux)
        bilans += build_bilans(groupe, paires)
    ordre = {poste.cle: (poste.debut.timestamp(), poste.cle) for poste in probleme.postes}
    affectations.sort(key=lambda a: (ordre[a.poste], a.personne))
    return explain(probleme, Plan(affectations=tuple(affectations), niveaux=_add_up(parts), bilans=tuple(bilans)))


def _take_up(groupe: Groupe, anciennes: Collection[Paire], sortants: Collection[str]) -> Reprise:
    """What the plan gave to those who stay, and who left."""
    from maillon.regles.gardes.flot import Reprise

    rangs = frozenset(groupe.rangs[cle] for cle in sortants if cle in groupe.rangs)
    return Reprise(frozenset(paire for paire in anciennes if paire[0] not in rangs), rangs)


def _add_up(parts: list[list[Niveau]]) -> tuple[Niveau, ...]:
    """Levels of the whole: professions do not touch, so that values and bounds add up."""
    return tuple(
        Niveau(niveaux[0].objectif, sum(n.valeur for n in niveaux), sum(n.borne for n in niveaux))
        for niveaux in zip(*parts, strict=True)
    )
