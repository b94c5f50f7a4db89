"""How long people wait: the age of open requests and the delay of those placed, by priority."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, ExpressionWrapper, F, FloatField, Q, QuerySet, Value

from maillon.regles.priorite import Niveau
from maillon.socle.horloge import now

from ..models import Demande
from .calculs import Centile, in_days, start_of
from .flux import Periode

LONGUE, TRES_LONGUE = 30, 90
TOUTES = "toutes"


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
    included: a médecin de suivi is waited for too. Four queries."""
    moment = now()
    ouvertes = Demande.objects.filter(cpts_id=cpts_id).en_cours()
    ages = {
        "en_cours": Count("*"),
        "age_median": Centile(_age(moment), 0.5),
        "age_p90": Centile(_age(moment), 0.9),
        "plus_de_30": Count(Value(1), filter=Q(deposee_le__lt=moment - timedelta(days=LONGUE))),
        "plus_de_90": Count(Value(1), filter=Q(deposee_le__lt=moment - timedelta(days=TRES_LONGUE))),
    }
    placees = Demande.objects.filter(
        cpts_id=cpts_id, placee_le__gte=start_of(periode.debut), placee_le__lt=start_of(periode.fin)
    )
    delai = in_days(F("placee_le") - F("deposee_le"))
    delais = {"placees": Count("*"), "delai_median": Centile(delai, 0.5), "delai_p90": Centile(delai, 0.9)}
    par_age, par_delai = _by_niveau(ouvertes, ages), _by_niveau(placees, delais)
    rien = {"en_cours": 0, "age_median": None, "age_p90": None, "plus_de_30": 0, "plus_de_90": 0}
    aucune = {"placees": 0, "delai_median": None, "delai_p90": None}
    niveaux = [niveau.value for niveau in Niveau]
    return [
        Attente(niveau, **par_age.get(niveau, rien), **par_delai.get(niveau, aucune)) for niveau in [*niveaux, TOUTES]
    ]


def _age(moment: Any) -> Any:
    return ExpressionWrapper(in_days(Value(moment) - F("deposee_le")), output_field=FloatField())


def _by_niveau(rows: QuerySet[Demande], mesures: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The same measures for each priority, and for all: two queries, since medians do not add up."""
    par_niveau: Callable[..., Any] = rows.order_by().values("priorite_niveau").annotate
    found = {ligne.pop("priorite_niveau"): ligne for ligne in par_niveau(**mesures)}
    return found | {TOUTES: rows.aggregate(**mesures)}
