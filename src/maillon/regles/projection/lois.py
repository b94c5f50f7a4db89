"""The two laws that ranges come from, computed in plain Python."""

from __future__ import annotations

from math import exp, floor, lgamma, log, sqrt

# Quantile 0.90 of Student's t by degrees of freedom, as every statistical table prints it: 80 % lie between -t and +t.
# fmt: off
_STUDENT = (
    3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372,
    1.363, 1.356, 1.350, 1.345, 1.341, 1.337, 1.333, 1.330, 1.328, 1.325,
    1.323, 1.321, 1.319, 1.318, 1.316, 1.315, 1.314, 1.313, 1.311, 1.310,
)
# fmt: on
_ECARTS_TYPES = 12
"""How far below the mean a sum starts: what lies further is under the precision of the computation."""


def find_student(degres: int) -> float:
    """Quantile 0.90 of Student's t; beyond 30 degrees that of 30, slightly wide."""
    return _STUDENT[min(degres, len(_STUDENT)) - 1]


def count_a_venir(observes: int, jours_observes: int, jours_restants: int, chances: float) -> int:
    """Quantile of the number of events to come, given ``observes`` events in ``jours_observes`` days.

    The rate of a Poisson process is unknown: with Jeffreys' prior it follows Gamma(n + 1/2, t), so the number to come
    in r days is negative binomial of size n + 1/2 and probability t / (t + r).
    """
    if jours_restants == 0:
        return 0
    taille = observes + 0.5
    rapport = jours_restants / jours_observes
    moyenne = taille * rapport
    nombre = max(0, floor(moyenne - _ECARTS_TYPES * sqrt(moyenne * (1 + rapport))))
    echec = rapport / (1 + rapport)
    log_masse = lgamma(nombre + taille) - lgamma(nombre + 1) - lgamma(taille)
    masse = exp(log_masse - taille * log(1 + rapport) + nombre * log(echec))
    cumul = masse
    while cumul < chances:
        masse *= (nombre + taille) / (nombre + 1) * echec
        nombre += 1
        cumul += masse
    return nombre
