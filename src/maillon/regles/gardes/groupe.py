"""One profession as arrays, and its rules in one shape: « of these groups of posts, no more than so many are held »."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.gardes.types import Affectation, Ailleurs, Genre, Poste, Probleme

Entiers = NDArray[np.int64]
Booleens = NDArray[np.bool_]
Paire = tuple[int, int]
Groupes = tuple[tuple[int, ...], ...]
Mois = tuple[int, int]
Cle = TypeVar("Cle", bound=Hashable)
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
        self.commencees = self.read_paires(probleme.commencees)
        for paire in self.commencees:
            self.libres[paire] = True
        self.fixees = self.read_paires(probleme.fixees) | self.commencees
        self.souhaits = self._sum_souhaits()
        self.regles = tuple(map(self._relax, self._iter_regles()) if self.commencees else self._iter_regles())
        self.compteurs = tuple(self._iter_compteurs())
        pire = sum(c.cost(int(self.charges[list(c.postes)].sum())) for c in self.compteurs)
        if pire > _COUT_MAX:
            raise SaisieInvalide("Les charges et les crédits sont trop grands : comptez-les en gardes, ou en heures.")

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
        for rang, personne in enumerate(self.personnes):
            for garde in self.probleme.list_ailleurs(personne.cle):
                libres[rang, self.find_voisins(rang, garde)] = False
        for paire in self.read_paires(self.probleme.interdites):
            libres[paire] = False
        return libres

    def find_voisins(self, rang: int, garde: Ailleurs) -> list[int]:
        """The posts that somebody cannot hold beside this duty of theirs in another roster."""
        ecart = 3600 * self.personnes[rang].limites.ecart_heures
        debut, fin = garde.debut.timestamp() - ecart, garde.fin.timestamp() + ecart
        return [n for n, q in enumerate(self.postes) if q.debut.timestamp() < fin and debut < q.fin.timestamp()]

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
        par_semaine, par_mois = self._gather(_find_semaine), self._gather(_find_mois)
        cliques: dict[int, list[tuple[int, ...]]] = {}
        for rang, personne in enumerate(self.personnes):
            limites = personne.limites
            dehors = [self.probleme.jour(garde) for garde in self.probleme.list_ailleurs(personne.cle)]
            if limites.ecart_heures not in cliques:
                cliques[limites.ecart_heures] = self._find_cliques(limites.ecart_heures)
            for clique in cliques[limites.ecart_heures]:
                yield Regle(rang, "ecart_heures", _singles(clique), 1)
            if limites.semaine is not None:
                yield from _bound(rang, "semaine", par_semaine, limites.semaine, Counter(map(_find_semaine, dehors)))
            if limites.mois is not None:
                yield from _bound(rang, "mois", par_mois, limites.mois, Counter(map(_find_mois, dehors)))
            if limites.periode is not None:
                yield Regle(rang, "periode", _singles(range(len(self.postes))), limites.periode)
            if limites.consecutifs is not None:
                for groupes, reste in self._find_suites(limites.consecutifs, set(dehors)):
                    yield Regle(rang, "consecutifs", groupes, reste)
            if limites.week_ends is not None:
                for groupes, reste in self._find_week_ends(limites.week_ends, dehors):
                    yield Regle(rang, "week_ends", groupes, reste)

    def _relax(self, regle: Regle) -> Regle:
        """What has begun beyond a limit stays, and leaves nothing to add."""
        deja = sum(any((regle.personne, q) in self.commencees for q in postes) for postes in regle.groupes)
        return regle if deja <= regle.limite else replace(regle, limite=deja)

    def _gather(self, key: Callable[[date], Cle]) -> dict[Cle, list[int]]:
        paquets: dict[Cle, list[int]] = defaultdict(list)
        for numero, jour in enumerate(self.jours):
            paquets[key(jour)].append(numero)
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

    def _find_suites(self, consecutifs: int, dehors: Collection[date]) -> Iterator[tuple[Groupes, int]]:
        """The posts of each run of days that is one day too long, and on how many of these days one may be on duty.

        Days on duty outside the roster are in the run, whatever is held here.
        """
        par_jour = self._gather(lambda jour: jour)
        for jour in sorted({*par_jour, *dehors}):
            suite = [jour + timedelta(days=n) for n in range(consecutifs + 1)]
            ici = [un for un in suite if un not in dehors]
            if ici and all(un in par_jour for un in ici):
                yield tuple(tuple(par_jour[un]) for un in ici), len(ici) - 1

    def _find_week_ends(self, limite: int, dehors: Collection[date]) -> Iterator[tuple[Groupes, int]]:
        """The posts of each Saturday and its Sunday, by month of the Saturday, and how many may be worked.

        Those worked outside the roster are counted already: a duty more costs nothing then.
        """
        pris = {samedi for jour in dehors if (samedi := _find_samedi(jour)) is not None}
        par_mois: dict[Mois, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
        for numero, jour in enumerate(self.jours):
            samedi = _find_samedi(jour)
            if samedi is not None and samedi not in pris:
                par_mois[_find_mois(samedi)][samedi].append(numero)
        deja = Counter(map(_find_mois, pris))
        for mois, week_ends in par_mois.items():
            yield tuple(tuple(postes) for postes in week_ends.values()), max(0, limite - deja[mois])

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


def _find_semaine(jour: date) -> tuple[int, int]:
    return jour.isocalendar()[:2]


def _find_mois(jour: date) -> Mois:
    return (jour.year, jour.month)


def _find_samedi(jour: date) -> date | None:
    """The Saturday of its week-end."""
    return jour - timedelta(days=jour.isoweekday() - 6) if jour.isoweekday() > 5 else None


def _bound(
    rang: int, code: str, paquets: Mapping[Cle, Iterable[int]], limite: int, dehors: Counter[Cle]
) -> Iterator[Regle]:
    """No more posts of a week, or of a month, than what is held outside the roster leaves."""
    for cle, postes in paquets.items():
        yield Regle(rang, code, _singles(postes), max(0, limite - dehors[cle]))


def _singles(postes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    return tuple((poste,) for poste in postes)
