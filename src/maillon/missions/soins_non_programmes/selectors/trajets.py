"""Estimated journeys from a commune to the places of professionals."""

from collections.abc import Sequence

from django.db.models import Max

from maillon.communaute.territoire.models import Commune, Population
from maillon.regles.appariement import Densite, Lieu, load_reglages
from maillon.regles.appariement.trajets import estimate_minutes, measure_km
from maillon.socle.horloge import today

# Inhabitants per km², the bounds of urban and dense cells in the grid of Eurostat, taken here for a whole commune.
DENSE, INTERMEDIAIRE = 1500, 300


def middle_of(commune: Commune | None) -> Lieu | None:
    """The middle of a commune."""
    if commune is None or commune.lon is None or commune.lat is None:
        return None
    return Lieu(commune.lon, commune.lat)


def read_densite(commune: Commune) -> Densite:
    """How densely a commune is peopled, by the last population known. One query."""
    populations = Population.objects.filter(commune=commune)
    last = populations.filter(millesime=populations.aggregate(le=Max("millesime"))["le"]).first()
    area = float(commune.superficie_km2 or 0)
    par_km2 = last.municipale / area if last and area else 0
    if par_km2 >= DENSE:
        return Densite.DENSE
    return Densite.INTERMEDIAIRE if par_km2 >= INTERMEDIAIRE else Densite.RURALE


def measure_minutes(depart: Commune | None, arrivees: Sequence[Lieu | None]) -> list[int | None]:
    """Estimated minutes from the middle of a commune to each place, in their order; None where one is unknown."""
    origin = middle_of(depart)
    known = [lieu for lieu in arrivees if lieu is not None]
    if depart is None or origin is None or not known:
        return [None] * len(arrivees)
    reglages = load_reglages(on=today())
    km = measure_km([origin], known, reglages)
    found = iter(estimate_minutes(km, read_densite(depart), reglages)[0])
    return [None if lieu is None else int(next(found)) for lieu in arrivees]
