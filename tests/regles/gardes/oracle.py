"""Small problems, and the best of all their plans, found by trying every one with the checker's eyes."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from itertools import combinations, product
from zoneinfo import ZoneInfo

from maillon.regles.gardes import (
    Affectation,
    Ailleurs,
    Genre,
    Indisponibilite,
    Limites,
    Personne,
    Poste,
    Probleme,
    Sens,
    Souhait,
    check,
)

ZONE = ZoneInfo("Europe/Paris")
LUNDI = date(2027, 1, 4)
GENRES = {6: Genre.SAMEDI, 7: Genre.DIMANCHE}


def instant(jour: int, heure: int = 0) -> datetime:
    """An hour of the n-th day after Monday 4 January 2027."""
    return datetime.combine(LUNDI + timedelta(days=jour), time(heure), ZONE)


def poste(cle: str, jour: int, debut: int = 14, heures: int = 6, **faits) -> Poste:
    commence = instant(jour, debut)
    genre = GENRES.get(commence.isoweekday(), Genre.SEMAINE)
    fin = commence + timedelta(hours=heures)
    return Poste(**{"cle": cle, "profession": "medecin", "debut": commence, "fin": fin, "genre": genre, **faits})


def personne(cle: str, **faits) -> Personne:
    limites = Limites(**faits.pop("limites", {}))
    return Personne(**{"cle": cle, "profession": "medecin", "limites": limites, **faits})


def ailleurs(qui: str, jour: int, debut: int = 14, heures: int = 6, tableau: str = "") -> Ailleurs:
    commence = instant(jour, debut)
    return Ailleurs(personne=qui, debut=commence, fin=commence + timedelta(hours=heures), tableau=tableau)


def probleme(personnes, postes, **faits) -> Probleme:
    return Probleme(personnes=tuple(personnes), postes=tuple(postes), **{k: tuple(v) for k, v in faits.items()})


def draw(
    graine: int, *, personnes: int, postes: int, meles: bool = False, serre: bool = False, dehors: bool = False
) -> Probleme:
    """A problem of one seed; ``meles`` draws uneven charges and importances, ``serre`` tight rules, ``dehors`` duties
    of other rosters."""
    h = random.Random(graine)
    qui = [
        personne(
            f"p{n}",
            quotite=h.choice((100, 100, 80, 50)),
            credits=None if h.random() < 0.3 else {genre: h.randrange(3) for genre in Genre},
            limites={
                "semaine": h.choice((1, 2, None)) if serre else 2,
                "mois": h.choice((2, 3, None)),
                "consecutifs": h.choice((1, 2, None)),
                "week_ends": h.choice((1, None)),
                "ecart_heures": h.choice((0, 24, 48)),
                "periode": h.choice((None, None, 3)) if serre else None,
            },
        )
        for n in range(personnes)
    ]
    quoi = [
        poste(
            f"q{n}",
            h.choice((n, n, n + 1)),
            h.choice((8, 14)),
            besoin=h.choice((1, 1, 2)),
            charge=h.choice((1, 2, 3)) if meles else 1,
            importance=h.choice((1, 2)) if meles else 1,
        )
        for n in range(postes)
    ]
    absences = []
    for p in qui:
        for _ in range(h.choice((0, 1, 1, 2))):
            jour = h.randrange(postes)
            absences.append(Indisponibilite(personne=p.cle, debut=instant(jour), fin=instant(jour + h.choice((1, 2)))))
    souhaits = []
    for p in qui:
        sens, poids = h.choice(list(Sens)), h.randrange(1, 4)
        souhaits.append(
            Souhait(personne=p.cle, sens=sens, poids=poids, jour=LUNDI + timedelta(days=h.randrange(postes)))
        )
        if h.random() < 0.4:
            souhaits.append(Souhait(personne=p.cle, sens=h.choice(list(Sens)), jour_semaine=h.randrange(1, 8)))
    interdites = {Affectation(f"q{h.randrange(postes)}", f"p{h.randrange(personnes)}")} if h.random() < 0.5 else set()
    autres = [ailleurs(p.cle, h.randrange(-7, postes + 7), 8) for p in qui for _ in range(h.choice((0, 1, 2)) * dehors)]
    return probleme(qui, quoi, indisponibilites=absences, souhaits=souhaits, interdites=interdites, ailleurs=autres)


def iter_plans(probleme: Probleme):
    """Every set of assignments that breaks no rule, with its verification."""
    options = []
    for q in probleme.postes:
        cles = [p.cle for p in probleme.personnes if p.profession == q.profession]
        options.append(
            [tuple(Affectation(q.cle, c) for c in qui) for n in range(q.besoin + 1) for qui in combinations(cles, n)]
        )
    for choix in product(*options):
        affectations = [affectation for groupe in choix for affectation in groupe]
        verification = check(probleme, affectations)
        if verification.valide:
            yield set(affectations), verification


def find_best(probleme: Probleme) -> tuple[int, int, int]:
    """Cover, fairness and wishes of the best plan."""
    meilleur = min((v.couverture, v.equite, -v.souhaits) for _, v in iter_plans(probleme))
    return (meilleur[0], meilleur[1], -meilleur[2])
