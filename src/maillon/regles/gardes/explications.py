"""Why nobody on a post, and why a wish was not granted: what forbids it, or the least costly way found to grant it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from maillon.regles.gardes.fautes import iter_fautes, iter_nouvelles
from maillon.regles.gardes.phrases import say_poste
from maillon.regles.gardes.plan import Manque, Plan, Raison, Refus
from maillon.regles.gardes.types import Affectation, Genre, Personne, Poste, Probleme, Sens, Souhait
from maillon.regles.gardes.verification import list_obstacles

Cout = tuple[int, int, int]
Moyen = tuple[str, str, str]
"""How: the words, then whom and which post they speak of, when they do."""


def explain(probleme: Probleme, plan: Plan) -> Plan:
    """The plan with the posts not covered and the wishes not granted, each with its reason."""
    return replace(
        plan,
        manques=tuple(_iter_manques(probleme, plan.affectations)),
        refus=tuple(_iter_refus(_Etat(probleme, plan.affectations))),
    )


def list_vises(probleme: Probleme, souhait: Souhait) -> list[str]:
    """The posts that a wish speaks of, of the person's profession."""
    profession = probleme.par_personne[souhait.personne].profession
    postes = probleme.postes if souhait.poste is None else (probleme.par_poste[souhait.poste],)
    return [q.cle for q in postes if q.profession == profession and probleme.matches(souhait, q)]


def _iter_manques(probleme: Probleme, affectations: Collection[Affectation]) -> Iterator[Manque]:
    presents = defaultdict(set)
    for affectation in affectations:
        presents[affectation.poste].add(affectation.personne)
    for poste in probleme.postes:
        nombre = poste.besoin - len(presents[poste.cle])
        if nombre > 0:
            raisons = tuple(
                _find_obstacle(probleme, affectations, p, poste)
                for p in probleme.personnes
                if p.profession == poste.profession and p.cle not in presents[poste.cle]
            )
            yield Manque(poste.cle, nombre, raisons)


def _find_obstacle(probleme: Probleme, affectations: Iterable[Affectation], personne: Personne, poste: Poste) -> Raison:
    obstacles = list_obstacles(probleme, affectations, personne.cle, poste.cle)
    if not obstacles:
        return Raison("possible", f"{personne.appel} pourrait prendre cette garde.", personne.cle, poste.cle)
    return Raison(obstacles[0].code, f"{obstacles[0].raison}.", personne.cle, poste.cle)


@dataclass(frozen=True, slots=True)
class _Geste:
    """Another plan a step away: who loses and who takes which posts, and what it costs."""

    cout: Cout
    pertes: tuple[tuple[str, str], ...]
    prises: tuple[tuple[str, str], ...]
    moyen: Moyen


class _Etat:
    """A plan, indexed for looking at what is near it."""

    def __init__(self, probleme: Probleme, affectations: Iterable[Affectation]) -> None:
        self.probleme = probleme
        self.tenus: dict[str, set[str]] = {personne.cle: set() for personne in probleme.personnes}
        self.presents: dict[str, set[str]] = {poste.cle: set() for poste in probleme.postes}
        for affectation in affectations:
            self.tenus[affectation.personne].add(affectation.poste)
            self.presents[affectation.poste].add(affectation.personne)
        self.fixees = {(fixee.personne, fixee.poste) for fixee in (*probleme.fixees, *probleme.commencees)}
        self.credits = {personne.cle: probleme.credits_of(personne) for personne in probleme.personnes}
        self.genres = defaultdict(set)
        for poste in probleme.postes:
            self.genres[poste.profession].add(poste.genre)
        self.valeurs: dict[tuple[str, str], int] = defaultdict(int)
        for souhait in probleme.souhaits:
            for cle in list_vises(probleme, souhait):
                self.valeurs[souhait.personne, cle] += souhait.signe

    def weigh(self, personne: str, tenus: Iterable[str]) -> int:
        """Unfairness of one person's loads."""
        fiche = self.probleme.par_personne[personne]
        charges = dict(self.credits[personne])
        for cle in tenus:
            poste = self.probleme.par_poste[cle]
            charges[poste.genre] += poste.charge
        genres: set[Genre] = self.genres[fiche.profession]
        carres = sum(charge**2 for genre, charge in charges.items() if genre in genres)
        return 100_000 // fiche.quotite * (carres + sum(charges.values()) ** 2)

    def price(self, pertes: Collection[tuple[str, str]], prises: Collection[tuple[str, str]]) -> Cout:
        """What these changes cost in people missing, unfairness and wishes."""
        importances = self.probleme.par_poste
        manque = sum(importances[q].importance for _, q in pertes) - sum(importances[q].importance for _, q in prises)
        equite = 0
        for personne in {p for p, _ in (*pertes, *prises)}:
            apres = self.after(personne, pertes, prises)
            equite += self.weigh(personne, apres) - self.weigh(personne, self.tenus[personne])
        souhaits = sum(self.valeurs.get(paire, 0) for paire in pertes) - sum(
            self.valeurs.get(paire, 0) for paire in prises
        )
        return (manque, equite, souhaits)

    def after(
        self, personne: str, pertes: Collection[tuple[str, str]], prises: Collection[tuple[str, str]]
    ) -> set[str]:
        moins = {q for p, q in pertes if p == personne}
        return (self.tenus[personne] - moins) | {q for p, q in prises if p == personne}

    def allows(self, geste: _Geste) -> bool:
        """Whether every rule holds for those who take something."""
        for personne in {p for p, _ in geste.prises}:
            postes = [self.probleme.par_poste[q] for q in self.after(personne, geste.pertes, geste.prises)]
            if next(iter_nouvelles(self.probleme, self.probleme.par_personne[personne], postes), None) is not None:
                return False
        return True

    def make(self, pertes: tuple[tuple[str, str], ...], prises: tuple[tuple[str, str], ...], *moyen: str) -> _Geste:
        mots, qui, quoi = (*moyen, "", "")[:3]
        return _Geste(self.price(pertes, prises), pertes, prises, (mots, qui, quoi))


def _iter_refus(etat: _Etat) -> Iterator[Refus]:
    for souhait in etat.probleme.souhaits:
        vises = list_vises(etat.probleme, souhait)
        tenus = [poste for poste in vises if poste in etat.tenus[souhait.personne]]
        if souhait.sens is Sens.EVITE and tenus:
            yield _explain_evite(etat, souhait, tenus)
        if souhait.sens is Sens.PREFERE and not tenus:
            yield _explain_prefere(etat, souhait, vises)


def _explain_prefere(etat: _Etat, souhait: Souhait, vises: list[str]) -> Refus:
    qui = etat.probleme.par_personne[souhait.personne]
    ouverts = []
    obstacle = "Aucune garde de sa profession ne correspond à ce souhait."
    for poste in vises:
        fautes = list(iter_fautes(etat.probleme, qui, [etat.probleme.par_poste[poste]]))
        if fautes:
            obstacle = f"{fautes[0].raison}."
        elif (
            len({p for p in etat.presents[poste] if (p, poste) in etat.fixees}) >= etat.probleme.par_poste[poste].besoin
        ):
            obstacle = (
                f"{_capital(say_poste(etat.probleme, etat.probleme.par_poste[poste]))} est déjà publiée avec d’autres."
            )
        else:
            ouverts.append(poste)
    if not ouverts:
        return Refus(souhait, False, obstacle)
    gestes = [geste for poste in ouverts for geste in _iter_prises(etat, souhait.personne, poste)]
    return _choose(etat, souhait, gestes)


def _explain_evite(etat: _Etat, souhait: Souhait, tenus: list[str]) -> Refus:
    qui = souhait.personne
    for poste in tenus:
        if (qui, poste) in etat.fixees:
            quoi = say_poste(etat.probleme, etat.probleme.par_poste[poste])
            return Refus(souhait, False, f"{_capital(quoi)} est déjà publiée ainsi.")
    if len(tenus) > 1:
        pertes = tuple((qui, poste) for poste in tenus)
        return _choose(etat, souhait, [etat.make(pertes, (), "laisser ces gardes sans personne")])
    return _choose(etat, souhait, list(_iter_pertes(etat, qui, tenus[0])))


def _choose(etat: _Etat, souhait: Souhait, gestes: list[_Geste]) -> Refus:
    """The least costly of the changes that no rule forbids."""
    for geste in sorted(gestes, key=lambda geste: (geste.cout, geste.moyen)):
        if etat.allows(geste):
            return Refus(souhait, True, _say_cout(etat, geste), geste.cout)
    return Refus(souhait, True, "Aucun échange simple ne l’accorde : il faudrait en changer plusieurs à la fois.")


def _iter_pertes(etat: _Etat, qui: str, poste: str) -> Iterator[_Geste]:
    """Ways to free a person of a post: leave it empty, give it, exchange it."""
    yield etat.make(((qui, poste),), (), "laisser cette garde sans personne")
    for autre in _list_autres(etat, qui, poste):
        yield etat.make(((qui, poste),), ((autre, poste),), "donner cette garde à {qui}", autre)
        for rendu in etat.tenus[autre]:
            if (autre, rendu) not in etat.fixees and qui not in etat.presents[rendu]:
                yield _exchange(etat, qui, poste, autre, rendu)


def _iter_prises(etat: _Etat, qui: str, poste: str) -> Iterator[_Geste]:
    """Ways to give a person a post: take it when it is empty, in place of somebody, or by an exchange."""
    if len(etat.presents[poste]) < etat.probleme.par_poste[poste].besoin:
        for laisse in _list_libres(etat, qui):
            yield etat.make(((qui, laisse),), ((qui, poste),), "laisser une autre de ses gardes sans personne")
    for autre in sorted(etat.presents[poste]):
        if (autre, poste) in etat.fixees:
            continue
        yield etat.make(((autre, poste),), ((qui, poste),), "lui donner celle de {qui}", autre)
        for rendu in _list_libres(etat, qui):
            if autre not in etat.presents[rendu]:
                yield _exchange(etat, qui, rendu, autre, poste)


def _exchange(etat: _Etat, qui: str, donne: str, autre: str, recu: str) -> _Geste:
    pertes, prises = ((qui, donne), (autre, recu)), ((qui, recu), (autre, donne))
    return etat.make(pertes, prises, "échanger {donne} contre {recu}, avec {qui}", autre, f"{donne}\n{recu}")


def _list_libres(etat: _Etat, qui: str) -> list[str]:
    return sorted(poste for poste in etat.tenus[qui] if (qui, poste) not in etat.fixees)


def _list_autres(etat: _Etat, qui: str, poste: str) -> list[str]:
    profession = etat.probleme.par_personne[qui].profession
    return [p.cle for p in etat.probleme.personnes if p.profession == profession and p.cle not in etat.presents[poste]]


def _say_cout(etat: _Etat, geste: _Geste) -> str:
    mots, qui, quoi = geste.moyen
    appel = etat.probleme.par_personne[qui].appel if qui else ""
    donne, recu = (say_poste(etat.probleme, etat.probleme.par_poste[q]) for q in quoi.split("\n")) if quoi else ("", "")
    return say_cout(geste.cout, mots.format(qui=appel, donne=donne, recu=recu.replace("la garde", "celle", 1)))


def say_cout(cout: Cout, moyen: str) -> str:
    """What granting a wish takes, in the order of the objectives; what it brings is counted in the wishes."""
    manque, equite, souhaits = cout
    if manque > 0:
        effet = "mais pourvoir les gardes passe avant les souhaits"
    elif equite > 0:
        effet = "mais le partage des gardes serait moins juste"
    elif souhaits > 0:
        effet = "mais d’autres souhaits, qui pèsent plus au total, ne seraient plus suivis"
    elif cout == (0, 0, 0):
        effet = "mais un autre souhait, qui pèse autant, ne serait plus suivi"
    else:
        effet = "et rien n’y perdrait"
    return f"Il faudrait {moyen}, {effet}."


def _capital(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}"
