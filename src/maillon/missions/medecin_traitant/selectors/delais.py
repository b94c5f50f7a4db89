"""How long people wait: the age of open requests and the delay of those placed, by priority."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Value

from maillon.regles.priorite import Niveau
from maillon.socle.horloge import now

from ..enums import GenreJour
from ..models import Demande
from .calculs import SECONDES_PAR_JOUR, in_seconds
from .flux import Periode
from .jours import collect_delais, find_centile, read_jours

LONGUE, TRES_LONGUE = 30, 90
TOUTES = "toutes"
RIEN = np.empty(0)


@dataclass(frozen=True, slots=True)
class Attente:
    """The waiting of one priority, or of all: numbers, and days."""

    niveau: str
    en_cours: int
    age_median: float | None
    age_p90: float | None
    plus_de_30: int
    plus_de_90: int
    placees: int
    delai_median: float | None
    delai_p90: float | None


def compute_attentes(cpts_id: UUID, periode: Periode) -> list[Attente]:
    """By priority, the highest first, then all together; delays are those of the requests placed in the period, AME
    included: a médecin de suivi is waited for too. Three queries at most."""
    ages = _read_ages(cpts_id)
    ages[TOUTES] = np.concatenate(list(ages.values())) if ages else RIEN
    placees = read_jours(cpts_id, GenreJour.PLACEES, periode.debut, periode.fin, delais=True)
    return [
        _measure(
            niveau,
            ages.get(niveau, RIEN),
            collect_delais(placees, niveau="" if niveau == TOUTES else niveau),
        )
        for niveau in [*(niveau.value for niveau in Niveau), TOUTES]
    ]


def _read_ages(cpts_id: UUID) -> dict[str, Any]:
    """The age of each open request, in days, by priority. One query."""
    ouvertes = Demande.objects.filter(cpts_id=cpts_id).en_cours().order_by()
    age = in_seconds(Value(now()) - F("deposee_le"))
    rows = ouvertes.values_list("priorite_niveau").annotate(secondes=ArrayAgg(age))
    return {niveau: np.asarray(secondes, dtype=np.float64) / SECONDES_PAR_JOUR for niveau, secondes in rows}


def _measure(niveau: str, ages: Any, delais: Any) -> Attente:
    return Attente(
        niveau=niveau,
        en_cours=len(ages),
        age_median=find_centile(ages, 0.5),
        age_p90=find_centile(ages, 0.9),
        plus_de_30=int((ages > LONGUE).sum()),
        plus_de_90=int((ages > TRES_LONGUE).sum()),
        placees=len(delais),
        delai_median=find_centile(delais, 0.5),
        delai_p90=find_centile(delais, 0.9),
    )
