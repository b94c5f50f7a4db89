"""A checker that knows the rules and nothing of the solver: plain loops over the facts, no array, no shared code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from maillon.regles.gardes.fautes import Faute, iter_fautes, iter_nouvelles
from maillon.regles.gardes.phrases import say_personnes, say_poste
from maillon.regles.gardes.plan import Objectif, Plan
from maillon.regles.gardes.types import Affectation, Genre, Personne, Poste, Probleme


@dataclass(frozen=True, slots=True)
class Verification:
    """What the checker found: the faults, and the objectives counted again."""

    fautes: tuple[Faute, ...]
    couverture: int
    equite: int
    souhaits: int
    manques: tuple[tuple[str, int], ...]

    @property
    def valide(self) -> bool:
        return not self.fautes


def check(probleme: Probleme, plan: Plan | Collection[Affectation]) -> Verification:
    """Every rule and every objective of a plan, or of assignments changed by hand; of a plan, what it says of itself.

    Raises ``SaisieInvalide`` for an unknown person or post, or a pair given twice.
    """
    affectations = plan.affectations if isinstance(plan, Plan) else tuple(plan)
    probleme.check_affectations(affectations, "Une affectation")
    carnets: dict[str, list[Poste]] = {personne.cle: [] for personne in probleme.personnes}
    presents: Counter[str] = Counter()
    for affectation in affectations:
        carnets[affectation.personne].append(probleme.par_poste[affectation.poste])
        presents[affectation.poste] += 1
    fautes = [faute for p in probleme.personnes for faute in iter_nouvelles(probleme, p, carnets[p.cle])]
    fautes += _iter_fautes_postes(probleme, presents)
    fautes += _iter_oublis(probleme, set(affectations))
    manques = [(q.cle, q.besoin - presents[q.cle]) for q in probleme.postes if presents[q.cle] < q.besoin]
    verification = Verification(
        fautes=tuple(fautes),
        couverture=sum(probleme.par_poste[cle].importance * nombre for cle, nombre in manques),
        equite=sum(_weigh(probleme, p, carnets[p.cle]) for p in probleme.personnes),
        souhaits=_add_souhaits(probleme, carnets),
        manques=tuple(manques),
    )
    return _compare(verification, plan) if isinstance(plan, Plan) else verification


def list_obstacles(
    probleme: Probleme, affectations: Iterable[Affectation], personne: str, poste: str
) -> tuple[Faute, ...]:
    """What forbids this person to take this post beside what they already hold; empty when nothing does."""
    qui, ajout = probleme.par_personne[personne], probleme.par_poste[poste]
    tenus = [probleme.par_poste[a.poste] for a in affectations if a.personne == personne and a.poste != poste]
    avant = set(iter_fautes(probleme, qui, tenus))
    return tuple(faute for faute in iter_fautes(probleme, qui, [*tenus, ajout]) if faute not in avant)


# Rules of the posts ---------------------------------------------------------------------------------------------------


def _iter_fautes_postes(probleme: Probleme, presents: Counter[str]) -> Iterator[Faute]:
    for poste in probleme.postes:
        nombre, quoi = presents[poste.cle], say_poste(probleme, poste)
        if nombre > poste.besoin:
            phrase = f"{quoi} demande {say_personnes(poste.besoin)}, et {nombre} y sont"
            yield Faute("besoin", phrase, (), (poste.cle,))
        if nombre < poste.besoin and poste.obligatoire:
            phrase = f"{quoi} doit être tenue\u00a0: il y manque {say_personnes(poste.besoin - nombre)}"
            yield Faute("obligatoire", phrase, (), (poste.cle,))


def _iter_oublis(probleme: Probleme, affectations: Collection[Affectation]) -> Iterator[Faute]:
    for fixee in probleme.fixees:
        if fixee not in affectations:
            quoi = say_poste(probleme, probleme.par_poste[fixee.poste])
            phrase = f"{probleme.par_personne[fixee.personne].appel} doit garder {quoi}, déjà publiée"
            yield Faute("fixee", phrase, (fixee.personne,), (fixee.poste,))
    for faite in probleme.commencees:
        if faite not in affectations:
            quoi = say_poste(probleme, probleme.par_poste[faite.poste])
            phrase = f"{probleme.par_personne[faite.personne].appel} doit garder {quoi}, commencée"
            yield Faute("commencee", phrase, (faite.personne,), (faite.poste,))


# Objectives -----------------------------------------------------------------------------------------------------------


def _weigh(probleme: Probleme, personne: Personne, postes: Collection[Poste]) -> int:
    """Squares of the loads of one person, by kind that their profession has and in all, over their quotité."""
    genres = {poste.genre for poste in probleme.postes if poste.profession == personne.profession}
    charges = probleme.credits_of(personne)
    for poste in postes:
        charges[poste.genre] += poste.charge
    carres = sum(charges[genre] ** 2 for genre in Genre if genre in genres) + sum(charges.values()) ** 2
    return 100_000 // personne.quotite * carres


def _add_souhaits(probleme: Probleme, carnets: dict[str, list[Poste]]) -> int:
    return sum(
        souhait.signe
        for souhait in probleme.souhaits
        for poste in carnets[souhait.personne]
        if probleme.matches(souhait, poste)
    )


def _compare(verification: Verification, plan: Plan) -> Verification:
    """What the plan says of itself, beside what was counted."""
    comptes = {
        Objectif.COUVERTURE: verification.couverture,
        Objectif.EQUITE: verification.equite,
        Objectif.SOUHAITS: verification.souhaits,
    }
    fautes = list(verification.fautes)
    for niveau in plan.niveaux:
        compte = comptes.get(niveau.objectif, niveau.valeur)
        if compte != niveau.valeur:
            phrase = f"Le plan annonce {niveau.valeur} pour «\u00a0{niveau.objectif.libelle}\u00a0», et c’est {compte}"
            fautes.append(Faute("valeur", phrase))
    return Verification(
        tuple(fautes), verification.couverture, verification.equite, verification.souhaits, verification.manques
    )
