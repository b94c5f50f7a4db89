"""The search of one profession: straight at the counting bound, and only where it cannot be reached level by level."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from maillon.regles.erreurs import ErreurRegle
from maillon.regles.gardes.contradictions import find_contradiction
from maillon.regles.gardes.flot import Borne, Reprise, compute_borne
from maillon.regles.gardes.groupe import Groupe, Paire
from maillon.regles.gardes.mesures import count_changements, count_couverture, count_equite, count_souhaits
from maillon.regles.gardes.modele import Expression, Marge, Modele
from maillon.regles.gardes.plan import Avance, Etape, Niveau, Objectif, ProblemeContradictoire
from maillon.regles.gardes.recherche import Reponse, search
from maillon.regles.gardes.repartition import apportion_equite

_ORDRE = list(Objectif)
_ECARTS = (0, 1, 2, 3, 4, 6, 9, 13, 19)
"""Costs above the bound that are tried straight; then levels."""
_PAS = (1, 4, 16, 64)
"""Steps of unfairness above the bound that are tried with its prices."""
_EFFORT = 2.0
"""Looking for a plan at the bound, before reasoning about it."""


class Course:
    """Objective after objective; ``niveaux`` are their values and bounds, ``secondes`` the time taken."""

    def __init__(self, groupe: Groupe, duree: float, reprise: Reprise | None, avance: Avance | None) -> None:
        self.groupe, self.duree, self.reprise, self.avance = groupe, duree, reprise, avance
        self.secondes = 0.0
        self.niveaux: list[Niveau] = []
        self.objectifs = [o for o in Objectif if reprise is not None or o is not Objectif.CHANGEMENTS]
        self.paires: frozenset[Paire] | None = None
        self.depart: Collection[Paire] = ()
        self._base = 0  # what the levels done cost above the bound

    def run(self, depart: Collection[Paire]) -> frozenset[Paire]:
        """The best pairs found; raises when no plan respects the rules."""
        self.depart = depart
        borne = compute_borne(self.groupe, self.reprise)
        if borne is not None and (paires := self._run_straight(borne)) is not None:
            self.niveaux = [Niveau(o, n, n) for o in self.objectifs for n in (self._count(o, paires),)]
            return paires
        for objectif in self.objectifs:
            niveau = self._solve_level(objectif, borne)
            self.niveaux.append(niveau)
            if borne is not None:
                borne = self._follow(borne, niveau)
        assert self.paires is not None
        return self.paires

    def _run_straight(self, borne: Borne) -> frozenset[Paire] | None:
        """Plans that cost the bound, then a little more, until there is one: it is the best in every objective."""
        for ecart in _ECARTS:
            modele = self._build(borne.widen(ecart), borne.depart)
            surcouts = modele.sum_surcouts(borne) if ecart else None
            if surcouts is not None:
                modele.cp.add(surcouts <= ecart)
            reponse = self._search(modele, surcouts, Objectif.SOUHAITS, self._left() / 2)
            if reponse.paires is not None:
                self.paires = reponse.paires
                return reponse.paires if surcouts is None or reponse.optimale else None
            if not reponse.impossible:
                return None
        return None

    def _follow(self, borne: Borne, niveau: Niveau) -> Borne | None:
        """The bound among plans of this level: another one when more people are missing than it thought."""
        if niveau.objectif is Objectif.COUVERTURE:
            if niveau.valeur == borne.valeurs[0]:
                return borne
            return compute_borne(self.groupe, self.reprise, manque=niveau.valeur) if niveau.prouve else None
        self._base += (niveau.valeur - borne.valeurs[_ORDRE.index(niveau.objectif)]) * borne.poids.of(niveau.objectif)
        return borne

    def _solve_level(self, objectif: Objectif, borne: Borne | None) -> Niveau:
        """The best of one objective among plans as good on the former ones."""
        restants = len(self.objectifs) - len(self.niveaux)
        if borne is not None:
            for marge, sure in self._iter_marges(objectif, borne):
                reponse = self._try_level(objectif, marge, self._left() / (restants + 1))
                if reponse.optimale and (valeur := _signed(objectif, reponse.valeur)) <= sure:
                    return Niveau(objectif, valeur, valeur)
                if not (reponse.impossible or reponse.optimale):
                    break
        reponse = self._try_level(objectif, Marge(), self._left() / restants)
        if self.paires is None:
            self._give_up(reponse)
        assert self.paires is not None
        sure = _signed(objectif, reponse.borne) if reponse.paires is not None else self._trivial(objectif)
        return Niveau(objectif, self._count(objectif, self.paires), sure)

    def _iter_marges(self, objectif: Objectif, borne: Borne) -> Iterator[tuple[Marge, int]]:
        """Wider and wider sets of plans, each with the greatest value for which it holds all plans."""
        prevue = borne.valeurs[_ORDRE.index(objectif)]
        if objectif is Objectif.SOUHAITS:
            yield borne.widen(self._base + borne.poids.equite - 1), int(abs(self.groupe.souhaits).sum())
        else:
            for plus in self._list_pas(objectif):
                yield borne.widen(self._base + (plus + 1) * borne.poids.of(objectif) - 1), prevue + plus

    def _list_pas(self, objectif: Objectif) -> list[int]:
        """How far above the bound to look."""
        if objectif is Objectif.COUVERTURE:
            return [0]
        if objectif is Objectif.CHANGEMENTS:
            return [0, *_PAS]
        pas = 2 * max(compteur.facteur for compteur in self.groupe.compteurs) * int(self.groupe.charges[0]) ** 2
        return [0, *(nombre * pas for nombre in _PAS)]

    def _try_level(self, objectif: Objectif, marge: Marge, duree: float) -> Reponse:
        modele = self._build(marge, self.depart if self.paires is None else self.paires)
        for niveau in self.niveaux:
            modele.cp.add(self._express(modele, niveau.objectif) <= _signed(niveau.objectif, niveau.valeur))
        but = self._express(modele, objectif)
        if objectif is Objectif.EQUITE:
            modele.cp.add(but >= self._trivial(objectif))
        reponse = self._search(modele, but, objectif, duree)
        if reponse.paires is not None:
            self.paires = reponse.paires
        return reponse

    def _give_up(self, reponse: Reponse) -> None:
        if reponse.impossible:
            raise ProblemeContradictoire(find_contradiction(self.groupe))
        raise ErreurRegle(
            "Aucun tableau n’a été trouvé dans le temps donné : donnez plus de temps, ou moins de postes obligatoires."
        )

    # Small parts ----------------------------------------------------------------------------------------------------

    def _left(self) -> float:
        return max(self.duree - self.secondes, 0.0)

    def _build(self, marge: Marge, depart: Collection[Paire]) -> Modele:
        modele = Modele(self.groupe, marge)
        modele.hint(depart)
        return modele

    def _search(self, modele: Modele, but: Expression | None, objectif: Objectif, duree: float) -> Reponse:
        self._tell(objectif, None, None)
        if but is None:
            reponse = search(modele, None, duree=duree, lineaire=False, effort=_EFFORT)
            self.secondes += reponse.secondes
            if reponse.paires is not None or reponse.impossible:
                return reponse
        reponse = search(modele, but, duree=duree, rapport=lambda v, b: self._tell(objectif, v, b))
        self.secondes += reponse.secondes
        return reponse

    def _tell(self, objectif: Objectif, valeur: int | None, borne: int | None) -> None:
        if self.avance is not None:
            part = min(self.secondes / self.duree, 1.0) if self.duree else 1.0
            self.avance(Etape(objectif, self.groupe.profession, valeur, borne, part))

    def _express(self, modele: Modele, objectif: Objectif) -> Expression:
        if objectif is Objectif.COUVERTURE:
            return modele.sum_manques()
        if objectif is Objectif.CHANGEMENTS:
            assert self.reprise is not None
            return modele.sum_changements(self.reprise.paires, self.reprise.sortants)
        if objectif is Objectif.EQUITE:
            return modele.sum_equite()
        return -modele.sum_souhaits()

    def _count(self, objectif: Objectif, paires: Collection[Paire]) -> int:
        if objectif is Objectif.COUVERTURE:
            return count_couverture(self.groupe, paires)
        if objectif is Objectif.CHANGEMENTS:
            assert self.reprise is not None
            return count_changements(paires, self.reprise.paires, self.reprise.sortants)
        if objectif is Objectif.EQUITE:
            return count_equite(self.groupe, paires)
        return count_souhaits(self.groupe, paires)

    def _trivial(self, objectif: Objectif) -> int:
        """A bound that needs no search."""
        if objectif is Objectif.SOUHAITS:
            return int(self.groupe.souhaits[self.groupe.libres].clip(min=0).sum())
        if objectif is not Objectif.EQUITE:
            return 0
        complet = self.niveaux[0].valeur == 0
        return apportion_equite(self.groupe) if complet else count_equite(self.groupe, self.groupe.fixees)


def _signed(objectif: Objectif, valeur: int) -> int:
    """Wishes are searched as a loss."""
    return -valeur if objectif is Objectif.SOUHAITS else valeur
