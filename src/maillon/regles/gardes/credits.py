"""What people carry from roster to roster: how far they are from their share of the duties of the last years.

A balance, not a sum: whoever was not in a roster owes nothing of it, a newcomer has none and so stands at the mean, a
share of time weighs as it was then. What is older than the horizon is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor, gcd

from maillon.regles.gardes.types import Genre

# Public holidays come back once a year, and their turn takes years to go round a profession.
ANNEES: Mapping[Genre, int] = {Genre.SEMAINE: 2, Genre.SAMEDI: 2, Genre.DIMANCHE: 2, Genre.FERIE: 5}

Solde = dict[Genre, Fraction]


@dataclass(frozen=True, slots=True)
class TableauPasse:
    """One profession of a former roster: the share of time of each person in it, and who held what when."""

    parts: Mapping[str, int]
    gardes: tuple[tuple[str, date, Genre], ...]


def start_horizon(genre: Genre, premier_jour: date) -> date:
    """The first day that still counts for a roster that begins on this one."""
    annee = premier_jour.year - ANNEES[genre]
    try:
        return premier_jour.replace(year=annee)
    except ValueError:  # a 29 February
        return date(annee, 3, 1)


def compute_soldes(passes: Iterable[TableauPasse], premier_jour: date) -> dict[str, Solde]:
    """By person, duties held beyond (or, negative, short of) their share in these rosters, by kind.

    The share is that of the duties held by those who were there, in proportion to their time; who was in none is not
    in the answer.
    """
    depuis = {genre: start_horizon(genre, premier_jour) for genre in Genre}
    soldes: dict[str, Solde] = {}
    for passe in passes:
        parts = sum(passe.parts.values())
        comptees = [(qui, genre) for qui, jour, genre in passe.gardes if jour >= depuis[genre]]
        for qui, part in passe.parts.items():
            solde = soldes.setdefault(qui, dict.fromkeys(Genre, Fraction(0)))
            for _, genre in comptees:
                solde[genre] -= Fraction(part, parts)
        for qui, genre in comptees:
            soldes[qui][genre] += 1
    return soldes


def to_credits(soldes: Mapping[str, Mapping[Genre, Fraction]], parts: Mapping[str, int]) -> dict[str, dict[Genre, int]]:
    """Balances as the whole loads that ``Personne.credits`` takes, for the people of ``parts`` (their share of time).

    Everybody is first raised by the same full-time load, at their share, until nobody is below zero: that changes no
    distance to a fair share. Balances are whole duties: a tenth of a duty is not worth anybody's wish.
    """
    entiers = {qui: round_solde(soldes.get(qui, {})) for qui in parts}
    pas = 100 // gcd(100, *parts.values())
    credits: dict[str, dict[Genre, int]] = {qui: {} for qui in parts}
    for genre in Genre:
        plein = max((-(100 * entiers[qui][genre] // part) for qui, part in parts.items()), default=0)
        plein = max(0, -(-plein // pas) * pas)
        for qui, part in parts.items():
            credits[qui][genre] = entiers[qui][genre] + plein * part // 100
    return credits


def round_solde(solde: Mapping[Genre, Fraction]) -> dict[Genre, int]:
    """Whole duties by kind, whose sum is the total rounded; the largest remainders are rounded up.

    A half goes up, below zero too: two people one duty apart stay one duty apart.
    """
    exacts = {genre: solde.get(genre, Fraction(0)) for genre in Genre}
    entiers = {genre: floor(exact) for genre, exact in exacts.items()}
    reste = floor(sum(exacts.values(), Fraction(1, 2))) - sum(entiers.values())
    for genre in sorted(Genre, key=lambda g: entiers[g] - exacts[g])[:reste]:
        entiers[genre] += 1
    return entiers
