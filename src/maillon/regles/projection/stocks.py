"""Stocks that should go down: the last certified value, minus acts, moved by what else was seen to move it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.projection.comptes import RECUL_MINIMUM
from maillon.regles.projection.lois import count_a_venir, find_student
from maillon.regles.projection.types import Projection, SansProjection, ValeurDatee, say_jours, settle


class _Derive(NamedTuple):
    """Other movements of the stock (arrivals, retirements), a day, with the margin of a forecast."""

    par_jour: float
    periodes: int
    jours: int
    variance: float

    def margin(self, jours: int) -> float:
        """Half width of the range ``jours`` days ahead: the movements to come, and the drift that is only estimated."""
        if not self.periodes:
            return 0.0
        quantile = find_student(max(self.periodes - 1, 1))
        return quantile * sqrt(self.variance * (jours + jours * jours / self.jours))


def project_stock(
    *,
    certifiees: Sequence[ValeurDatee],
    actes_entre: Sequence[int],
    actes_depuis: int,
    evenements: int,
    jours_observes: int,
    on: date,
    fin: date,
) -> Projection | SansProjection:
    """Stock expected at ``fin``, a whole number of people, never under zero.

    ``certifiees`` are the values known, oldest first; ``actes_entre`` how many acts fell between each and the next;
    ``actes_depuis`` those after the last. ``evenements`` acts in ``jours_observes`` days give the rhythm to come.
    """
    _check(certifiees, actes_entre, (actes_depuis, evenements, jours_observes))
    if not certifiees:
        return SansProjection("Aucune valeur constatée ni de référence : la projection ne peut pas partir.")
    depart = certifiees[-1]
    reste = max((fin - on).days, 0)
    acquis = max(depart.valeur - actes_depuis, Decimal(0))
    if not reste:
        return settle(acquis, len(certifiees))
    if jours_observes < RECUL_MINIMUM:
        return SansProjection(
            f"Seulement {say_jours(jours_observes)} de recul : il en faut {RECUL_MINIMUM} pour connaître un rythme."
        )
    derive = _measure_derive(certifiees, actes_entre)
    horizon = (fin - depart.le).days
    milieu = float(depart.valeur) - actes_depuis + derive.par_jour * horizon
    marge = derive.margin(horizon)
    peu, median, beaucoup = (count_a_venir(evenements, jours_observes, reste, c) for c in (0.1, 0.5, 0.9))
    return Projection(
        _people(milieu - marge - beaucoup, ROUND_FLOOR),
        _people(milieu - median, ROUND_HALF_UP),
        _people(milieu + marge - peu, ROUND_CEILING),
        len(certifiees),
        _say(depart, actes_depuis, derive, evenements, jours_observes),
    )


def _check(certifiees: Sequence[ValeurDatee], actes_entre: Sequence[int], nombres: Sequence[int]) -> None:
    if min((*nombres, *actes_entre), default=0) < 0:
        raise SaisieInvalide("Un nombre d’actes ou de jours ne peut pas être négatif.")
    if any(a.le >= b.le for a, b in pairwise(certifiees)):
        raise SaisieInvalide("Les valeurs d’un stock se donnent de la plus ancienne à la plus récente, une par jour.")
    if len(actes_entre) != max(len(certifiees) - 1, 0):
        raise SaisieInvalide("Il faut le nombre d’actes de chaque période entre deux valeurs, et rien de plus.")


def _measure_derive(certifiees: Sequence[ValeurDatee], actes_entre: Sequence[int]) -> _Derive:
    """What moved the stock besides acts. Brownian motion with drift: the estimate is the total over the days, the
    variance a day that of the periods around it, and at least that of as many independent people."""
    periodes = [
        ((b.le - a.le).days, float(b.valeur - a.valeur) + actes)
        for (a, b), actes in zip(pairwise(certifiees), actes_entre, strict=True)
    ]
    if not periodes:
        return _Derive(0.0, 0, 0, 0.0)
    jours = sum(duree for duree, _ in periodes)
    total = sum(autres for _, autres in periodes)
    par_jour = total / jours
    ecarts = sum((autres - par_jour * duree) ** 2 / duree for duree, autres in periodes)
    estimee = ecarts / (len(periodes) - 1) if len(periodes) > 1 else 0.0
    return _Derive(par_jour, len(periodes), jours, max(estimee, abs(total) / jours, 1 / jours))


def _people(valeur: float, arrondi: str) -> Decimal:
    # Rounded first to a hundredth: the noise of floating point must not add a person.
    return max(Decimal(str(round(valeur, 2))).quantize(Decimal(1), rounding=arrondi), Decimal(0))


def _say(depart: ValeurDatee, actes: int, derive: _Derive, evenements: int, jours: int) -> str:
    debut = f"Dernière valeur connue ({depart.valeur.normalize():f} au {depart.le:%d/%m/%Y}), moins {actes} déjà fait"
    debut += "s" if actes > 1 else ""
    vus = f"{evenements} acte{'s' if evenements > 1 else ''}"
    rythme = f" et ce qu’apporterait le rythme observé ({vus} en {say_jours(jours)})"
    if not derive.periodes:
        return (
            f"{debut}{rythme}. Une seule valeur est connue : les autres mouvements (départs, arrivées) "
            "sont comptés pour rien, et l’intervalle est trop étroit."
        )
    annuelle = f"{round(derive.par_jour * 365):+d}".replace("-", "\u2212")
    mot = "période connue" if derive.periodes == 1 else "périodes connues"
    return (
        f"{debut}{rythme}, avec les autres mouvements observés entre les valeurs "
        f"({annuelle} par an sur {derive.periodes} {mot})."
    )
