"""Solving: cover, then fairness, then wishes, each among the plans that are best for the former."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from maillon.regles.erreurs import ErreurRegle
from maillon.regles.gardes.groupe import Groupe, Paire, list_professions
from maillon.regles.gardes.mesures import (
    build_bilans,
    count_changements,
    count_couverture,
    count_equite,
    count_souhaits,
)
from maillon.regles.gardes.modele import Expression, Modele, search
from maillon.regles.gardes.plan import Bilan, Etape, Niveau, Objectif, Plan, ProblemeContradictoire
from maillon.regles.gardes.types import Affectation, Indisponibilite, Probleme

Avance = Callable[[Etape], None]


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
    reprise = _Reprise(frozenset(plan.affectations), frozenset(absence.personne for absence in absents))
    return _solve(probleme, duree, plan.affectations, reprise, avance)


def withdraw(probleme: Probleme, absents: Collection[Indisponibilite]) -> Probleme:
    """The problem with these absences, and without what was fixed on the absent meanwhile."""
    fixees = tuple(
        a for a in probleme.fixees
        if not any(i.personne == a.personne and i.touches(probleme.par_poste[a.poste]) for i in absents)
    )  # fmt: skip
    return replace(probleme, indisponibilites=(*probleme.indisponibilites, *absents), fixees=fixees)


@dataclass(frozen=True, slots=True)
class _Reprise:
    """A plan taken up again, and who left it."""

    affectations: frozenset[Affectation]
    sortants: frozenset[str]


def _solve(
    probleme: Probleme,
    duree: float,
    depart: Iterable[Affectation],
    reprise: _Reprise | None,
    avance: Avance | None,
) -> Plan:
    """Each profession alone, the time shared among those that are left."""
    professions = list_professions(probleme)
    depart = tuple(depart)
    affectations: list[Affectation] = []
    niveaux: list[list[Niveau]] = []
    bilans: list[Bilan] = []
    for rang, profession in enumerate(professions):
        groupe = Groupe(probleme, profession)
        course = _Course(groupe, duree / (len(professions) - rang), reprise, avance)
        paires = course.run(groupe.read_paires(depart))
        duree -= course.secondes
        affectations += groupe.write_paires(paires)
        niveaux.append(course.niveaux)
        bilans += build_bilans(groupe, paires)
    ordre = {poste.cle: (poste.debut.timestamp(), poste.cle) for poste in probleme.postes}
    affectations.sort(key=lambda a: (ordre[a.poste], a.personne))
    return Plan(affectations=tuple(affectations), niveaux=_add_up(niveaux, reprise), bilans=tuple(bilans))


def _list_objectifs(reprise: _Reprise | None) -> list[Objectif]:
    return [o for o in Objectif if reprise is not None or o is not Objectif.CHANGEMENTS]


def _add_up(parts: list[list[Niveau]], reprise: _Reprise | None) -> tuple[Niveau, ...]:
    """Levels of the whole: professions do not touch, so that values and bounds add up."""
    return tuple(
        Niveau(objectif, sum(part[rang].valeur for part in parts), sum(part[rang].borne for part in parts))
        for rang, objectif in enumerate(_list_objectifs(reprise))
    )


class _Course:
    """The search of one profession, objective after objective."""

    def __init__(self, groupe: Groupe, duree: float, reprise: _Reprise | None, avance: Avance | None) -> None:
        self.groupe, self.duree, self.avance = groupe, duree, avance
        self.secondes = 0.0
        self.niveaux: list[Niveau] = []
        self.objectifs = _list_objectifs(reprise)
        self.anciennes: set[Paire] = set()
        self.sortants: frozenset[int] = frozenset()
        if reprise is not None:
            self.sortants = frozenset(groupe.rangs[cle] for cle in reprise.sortants if cle in groupe.rangs)
            self.anciennes = {p for p in groupe.read_paires(reprise.affectations) if p[0] not in self.sortants}

    def run(self, depart: Collection[Paire]) -> frozenset[Paire]:
        modele = Modele(self.groupe)
        paires: frozenset[Paire] | None = None
        for rang, objectif in enumerate(self.objectifs):
            modele.hint(depart if paires is None else paires)
            expression = self._express(modele, objectif)
            reste = max(self.duree - self.secondes, 0.0) / (len(self.objectifs) - rang)
            reponse = search(modele, expression, duree=reste)
            self.secondes += reponse.secondes
            if reponse.paires is None and paires is None:
                if reponse.impossible:
                    raise ProblemeContradictoire(("à écrire",))
                raise ErreurRegle("Aucun tableau n’a été trouvé dans le temps donné : donnez plus de temps.")
            paires = reponse.paires if reponse.paires is not None else paires
            assert paires is not None
            self._keep(objectif, paires, reponse.borne)
            if reponse.paires is not None:
                modele.cp.add(expression <= reponse.valeur)
        assert paires is not None
        return paires

    def _express(self, modele: Modele, objectif: Objectif) -> Expression:
        if objectif is Objectif.COUVERTURE:
            return modele.sum_manques()
        if objectif is Objectif.CHANGEMENTS:
            return modele.sum_changements(self.anciennes, self.sortants)
        if objectif is Objectif.EQUITE:
            return modele.sum_equite()
        return -modele.sum_souhaits()

    def _keep(self, objectif: Objectif, paires: Collection[Paire], borne: int) -> None:
        valeur = {
            Objectif.COUVERTURE: lambda: count_couverture(self.groupe, paires),
            Objectif.CHANGEMENTS: lambda: count_changements(paires, self.anciennes, self.sortants),
            Objectif.EQUITE: lambda: count_equite(self.groupe, paires),
            Objectif.SOUHAITS: lambda: count_souhaits(self.groupe, paires),
        }[objectif]()
        self.niveaux.append(Niveau(objectif, valeur, -borne if objectif is Objectif.SOUHAITS else borne))
