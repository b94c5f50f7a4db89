"""Estimated journeys: great circle, detour, speed by distance and density. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from maillon.regles.appariement.types import Densite, Lieu, Trajet
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Parametre, Statut, load_parametres

RAYON_TERRE_KM = 6371.0088
_ARRONDI = 1e-6  # what binary fractions may add before rounding up

Reels = npt.NDArray[np.float64]
Entiers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reglages:
    """How journeys are estimated, and how far one goes: Maillon's (``load_reglages``) or those of a CPTS."""

    detour: float
    forfait: float
    paliers: tuple[float, float]
    vitesses: Mapping[Densite, tuple[float, float, float]]
    limite_cabinet: int
    limite_visite: int
    statut: Statut
    source: str

    def __post_init__(self) -> None:
        if self.detour < 1 or self.forfait < 0 or not 0 < self.paliers[0] <= self.paliers[1]:
            raise SaisieInvalide("Un trajet par la route ne peut pas être plus court que la ligne droite.")
        if any(vitesse <= 0 for trois in self.vitesses.values() for vitesse in trois):
            raise SaisieInvalide("Une vitesse doit être positive.")
        if min(self.limite_cabinet, self.limite_visite) < 1:
            raise SaisieInvalide("La limite de trajet doit être d’au moins une minute.")


@cache
def _load_parametres() -> Mapping[str, Parametre]:
    return load_parametres(files(__package__) / "baremes")


def load_reglages(*, on: date) -> Reglages:
    """Maillon's working parameters in force at ``on``; ``ParametreAbsent`` before the first."""
    trajets, limites = (_load_parametres()[nom].at(on) for nom in ("trajets", "limites"))

    def read(*chemin: str) -> float:
        return float(trajets.get(*chemin).nombre)

    return Reglages(
        detour=read("detour"),
        forfait=read("forfait"),
        paliers=(read("paliers", "proche"), read("paliers", "moyen")),
        vitesses={
            d: (read("vitesses", d, "proche"), read("vitesses", d, "moyen"), read("vitesses", d, "loin"))
            for d in Densite
        },
        limite_cabinet=int(limites.get("cabinet").nombre),
        limite_visite=int(limites.get("visite").nombre),
        statut=Statut.weakest((trajets.get("detour").statut, limites.get("cabinet").statut)),
        source=trajets.reference.texte,
    )


def measure_km(departs: Sequence[Lieu], arrivees: Sequence[Lieu], reglages: Reglages) -> Reels:
    """Kilometres by road from each place to each other: great circle × detour."""
    lon1, lat1 = _radians(departs)
    lon2, lat2 = _radians(arrivees)
    a = (
        np.sin((lat2[None, :] - lat1[:, None]) / 2) ** 2
        + np.cos(lat1)[:, None] * np.cos(lat2)[None, :] * np.sin((lon2[None, :] - lon1[:, None]) / 2) ** 2
    )
    return np.asarray(2 * RAYON_TERRE_KM * np.arcsin(np.sqrt(np.minimum(a, 1.0))) * reglages.detour)


def _radians(lieux: Sequence[Lieu]) -> tuple[Reels, Reels]:
    degres = np.array([(lieu.lon, lieu.lat) for lieu in lieux], dtype=np.float64).reshape(-1, 2)
    lon, lat = np.radians(degres).T
    return lon, lat


def estimate_minutes(km: Reels, densite: Densite, reglages: Reglages) -> Entiers:
    """Whole minutes, rounded up, for so many kilometres by road: each stretch at its own speed."""
    proche, moyen = reglages.paliers
    v1, v2, v3 = reglages.vitesses[densite]
    heures = np.minimum(km, proche) / v1 + np.clip(km - proche, 0, moyen - proche) / v2 + np.maximum(km - moyen, 0) / v3
    return np.ceil(reglages.forfait + 60 * heures - _ARRONDI).astype(np.int64)


def estimate_trajet(depart: Lieu, arrivee: Lieu, *, densite: Densite, reglages: Reglages) -> Trajet:
    """Estimated journey between two places."""
    km = measure_km([depart], [arrivee], reglages)
    return Trajet(int(estimate_minutes(km, densite, reglages)[0, 0]), float(km[0, 0]))
