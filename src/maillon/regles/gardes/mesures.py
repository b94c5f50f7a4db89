"""Objectives and loads of a set of pairs, counted from the group."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from maillon.regles.gardes.groupe import Compteur, Groupe, Paire
from maillon.regles.gardes.plan import Bilan

_CENTIEME = Decimal("0.01")


def count_couverture(groupe: Groupe, paires: Collection[Paire]) -> int:
    """People missing, each weighing the importance of the post."""
    presents = [0] * len(groupe.postes)
    for _, poste in paires:
        presents[poste] += 1
    return sum(q.importance * (q.besoin - present) for q, present in zip(groupe.postes, presents, strict=True))


def count_equite(groupe: Groupe, paires: Collection[Paire]) -> int:
    return sum(compteur.cost(_charge(groupe, compteur, paires)) for compteur in groupe.compteurs)


def count_souhaits(groupe: Groupe, paires: Collection[Paire]) -> int:
    return sum(int(groupe.souhaits[paire]) for paire in paires)


def count_changements(paires: Collection[Paire], anciennes: Collection[Paire], sortants: Collection[int]) -> int:
    perdues = sum(paire not in paires for paire in anciennes)
    return perdues + sum(paire not in anciennes and paire[0] not in sortants for paire in paires)


def _charge(groupe: Groupe, compteur: Compteur, paires: Collection[Paire]) -> int:
    return sum(int(groupe.charges[q]) for q in compteur.postes if (compteur.personne, q) in paires)


def build_bilans(groupe: Groupe, paires: Collection[Paire]) -> tuple[Bilan, ...]:
    """Loads of each person beside their fair share of all that is held and was carried."""
    charges = [_charge(groupe, compteur, paires) for compteur in groupe.compteurs]
    quotites = sum(personne.quotite for personne in groupe.personnes)
    totaux: dict[object, int] = {}
    for compteur, charge in zip(groupe.compteurs, charges, strict=True):
        totaux[compteur.genre] = totaux.get(compteur.genre, 0) + compteur.credit + charge
    bilans = []
    for compteur, charge in zip(groupe.compteurs, charges, strict=True):
        personne = groupe.personnes[compteur.personne]
        part = Fraction(personne.quotite * totaux[compteur.genre], quotites)
        bilans.append(
            Bilan(
                personne=personne.cle,
                genre=compteur.genre,
                gardes=sum((compteur.personne, q) in paires for q in compteur.postes),
                charge=charge,
                credit=compteur.credit,
                part=_round(part),
                ecart=_round(compteur.credit + charge - part),
            )
        )
    return tuple(bilans)


def _round(nombre: Fraction) -> Decimal:
    centiemes = round(nombre * 100)
    return (Decimal(centiemes) / 100).quantize(_CENTIEME, ROUND_HALF_EVEN)
