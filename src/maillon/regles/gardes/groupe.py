"""One profession as arrays, and its rules in one shape: « of these groups of posts, no more than so many are held »."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.gardes.types import Affectation, Genre, Poste, Probleme

Entiers = NDArray[np.int64]
Booleens = NDArray[np.bool_]
Paire = tuple[int, int]
_ECHELLE = 100_000
_COUT_MAX = 2**58


@dataclass(frozen=True, slots=True)
class Regle:
    """A person holds posts of at most ``limite`` of these ``groupes``; ``code`` is the field of ``Limites``."""

    personne: int
    code: str
    groupes: tuple[tuple[int, ...], ...]
    limite: int


@dataclass(frozen=True, slots=True)
class Compteur:
    """A load that costs ``facteur`` × (``credit`` + Σ charges of ``postes`` held)²; ``genre`` is ``None`` for all."""

    personne: int
    genre: Genre | None
    facteur: int
    credit: int
    postes: tuple[int, ...]

    def cost(self, charge: int) -> int:
        return self.facteur * (self.credit + charge) ** 2


class Groupe:
    """The part of a problem that concerns one profession: nothing else touches it."""

    def __init__(self, probleme: Probleme, profession: str) -> None:
        self.probleme, self.profession = probleme, profession
        self.personnes = [p for p in probleme.personnes if p.profession == profession]
        self.postes = sorted((q for q in probleme.postes if q.profession == profession), key=_order)
        self.rangs = {personne.cle: rang for rang, personne in enumerate(self.personnes)}
        self.numeros = {poste.cle: numero for numero, poste in enumerate(self.postes)}
        self.jours = [probleme.jour(poste) for poste in self.postes]
        self.charges = np.array([poste.charge for poste in self.postes], dtype=np.int64)
        self.libres = self._find_libres()
        self.fixees = self.read_paires(probleme.fixees)
        self.souhaits = self._sum_souhaits()
        self.regles = tuple(self._iter_regles())
        self.compteurs = tuple(self._iter_compteurs())
        pire = sum(c.cost(int(self.charges[list(c.postes)].sum())) for c in self.compteurs)
        if pire > _COUT_MAX:
            raise SaisieInvalide("Les charges et les crédits sont trop grands : comptez-les en gardes, ou en heures.")

    def read_paires(self, affectations: Iterable[Affectation]) -> set[Paire]:
        """The pairs (person, post) of this profession; a person may have been fixed on a post of another one."""
        return {
            (self.rangs[a.personne], self.numeros[a.poste])
            for a in affectations
            if a.personne in self.rangs and a.poste in self.numeros
        }

    def write_paires(self, paires: Iterable[Paire]) -> tuple[Affectation, ...]:
        return tuple(Affectation(self.postes[q].cle, self.personnes[p].cle) for p, q in paires)

    def _find_libres(self) -> Booleens:
        libres = np.ones((len(self.personnes), len(self.postes)), dtype=np.bool_)
        debuts = np.array([poste.debut.timestamp() for poste in self.postes])
        fins = np.array([poste.fin.timestamp() for poste in self.postes])
        for absence in self.probleme.indisponibilites:
            if absence.personne in self.rangs:
                fin = np.inf if absence.fin is None else absence.fin.timestamp()
                debut = -np.inf if absence.debut is None else absence.debut.timestamp()
                libres[self.rangs[absence.personne]] &= (debuts >= fin) | (fins <= debut)
        for paire in self.read_paires(self.probleme.interdites):
            libres[paire] = False
        return libres

    def _sum_souhaits(self) -> Entiers:
        """What each pair brings to the wishes."""
        totaux = np.zeros((len(self.personnes), len(self.postes)), dtype=np.int64)
        par_jour: dict[date | int, list[int]] = defaultdict(list)
        for numero, jour in enumerate(self.jours):
            par_jour[jour].append(numero)
            par_jour[jour.isoweekday()].append(numero)
        for souhait in self.probleme.souhaits:
            if souhait.personne not in self.rangs:
                continue
            if souhait.poste is not None:
                vises = [self.numeros[souhait.poste]] if souhait.poste in self.numeros else []
            else:
                vises = par_jour[souhait.jour or souhait.jour_semaine or 0]
            totaux[self.rangs[souhait.personne], vises] += souhait.signe
        return totaux

    def _iter_regles(self) -> Iterator[Regle]:
        par_semaine = self._gather(lambda jour: jour.isocalendar()[:2])
        par_mois = self._gather(lambda jour: (jour.year, jour.month))
        cliques: dict[int, list[tuple[int, ...]]] = {}
        for rang, personne in enumerate(self.personnes):
            limites = personne.limites
            if limites.ecart_heures not in cliques:
                cliques[limites.ecart_heures] = self._find_cliques(limites.ecart_heures)
            for clique in cliques[limites.ecart_heures]:
                yield Regle(rang, "ecart_heures", _singles(clique), 1)
            if limites.semaine is not None:
                yield from (Regle(rang, "semaine", _singles(q), limites.semaine) for q in par_semaine.values())
            if limites.mois is not None:
                yield from (Regle(rang, "mois", _singles(q), limites.mois) for q in par_mois.values())
            if limites.periode is not None:
                yield Regle(rang, "periode", _singles(range(len(self.postes))), limites.periode)
            if limites.consecutifs is not None:
                for groupes in self._find_suites(limites.consecutifs):
                    yield Regle(rang, "consecutifs", groupes, limites.consecutifs)
            if limites.week_ends is not None:
                for groupes in self._find_week_ends():
                    yield Regle(rang, "week_ends", groupes, limites.week_ends)

    def _gather(self, key: object) -> dict[object, list[int]]:
        paquets: dict[object, list[int]] = defaultdict(list)
        for numero, jour in enumerate(self.jours):
            paquets[key(jour)].append(numero)  # type: ignore[operator]
        return paquets

    def _find_cliques(self, heures: int) -> list[tuple[int, ...]]:
        """Largest sets of posts of which a person can hold one: those that a same instant meets, the gap added."""
        bornes: list[tuple[float, int, int]] = []
        for numero, poste in enumerate(self.postes):
            bornes.append((poste.debut.timestamp(), 1, numero))
            bornes.append((poste.fin.timestamp() + 3600 * heures, 0, numero))
        cliques, ouverts, grandit = [], dict[int, None](), False
        for _, entre, numero in sorted(bornes):
            if entre:
                ouverts[numero] = None
            else:
                if grandit and len(ouverts) > 1:
                    cliques.append(tuple(ouverts))
                del ouverts[numero]
            grandit = bool(entre)
        return cliques

    def _find_suites(self, consecutifs: int) -> Iterator[tuple[tuple[int, ...], ...]]:
        """The posts of each run of days that is one day too long."""
        par_jour = self._gather(lambda jour: jour)
        for jour in list(par_jour):
            suite = [par_jour.get(jour + timedelta(days=n)) for n in range(consecutifs + 1)]  # type: ignore[operator]
            if all(suite):
                yield tuple(tuple(postes) for postes in suite if postes)

    def _find_week_ends(self) -> Iterator[tuple[tuple[int, ...], ...]]:
        """The posts of each Saturday and its Sunday, by month of the Saturday."""
        par_mois: dict[tuple[int, int], dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
        for numero, jour in enumerate(self.jours):
            if jour.isoweekday() > 5:
                samedi = jour - timedelta(days=jour.isoweekday() - 6)
                par_mois[samedi.year, samedi.month][samedi].append(numero)
        for week_ends in par_mois.values():
            yield tuple(tuple(postes) for postes in week_ends.values())

    def _iter_compteurs(self) -> Iterator[Compteur]:
        """Loads that fairness looks at: by person, each kind that has posts, then all of them."""
        par_genre: Mapping[Genre, Sequence[int]] = {
            genre: [n for n, poste in enumerate(self.postes) if poste.genre is genre] for genre in Genre
        }
        for rang, personne in enumerate(self.personnes):
            credits = self.probleme.credits_of(personne)
            facteur = _ECHELLE // personne.quotite
            for genre, postes in par_genre.items():
                if postes:
                    yield Compteur(rang, genre, facteur, credits[genre], tuple(postes))
            yield Compteur(rang, None, facteur, sum(credits.values()), tuple(range(len(self.postes))))


def list_professions(probleme: Probleme) -> list[str]:
    return sorted({p.profession for p in probleme.personnes} | {q.profession for q in probleme.postes})


def _order(poste: Poste) -> tuple[float, float, str]:
    return (poste.debut.timestamp(), poste.fin.timestamp(), poste.cle)


def _singles(postes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    return tuple((poste,) for poste in postes)
