"""Whom the desk asks, what they answer, and why they decline."""

from collections import Counter
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Value

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.enums import EtatSollicitation, MotifRetrait
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.socle.partage import shared

from ..enums import MotifRefus
from ..models import GENRE, Capacite
from .calculs import start_of
from .flux import Periode

# Under this many doctors, the median would tell each of them what the others were asked.
MEDECINS_MINIMUM = 5
# Who said yes, even if the patient then said no; not who went back on it.
ACCEPTEES = Q(etat=EtatSollicitation.ACCEPTEE) | Q(etat=EtatSollicitation.RETIREE, repondue_le__isnull=False) & ~Q(
    motif_retrait=MotifRetrait.DESISTEMENT
)
COMPTES = ("demandees", "acceptees", "refusees", "sans_reponse")
TRANCHES = ((0, 0), (1, 2), (3, 5), (6, 10), (11, 20), (21, None))


@dataclass(frozen=True, slots=True)
class Part:
    """What one doctor was asked in a period, and answered."""

    professionnel_id: UUID
    demandees: int = 0
    acceptees: int = 0
    refusees: int = 0
    sans_reponse: int = 0


@dataclass(frozen=True, slots=True)
class Equite:
    """Every doctor asked in the period or who offers places now, the most asked first. No name."""

    parts: tuple[Part, ...]

    @property
    def demandees(self) -> int:
        return sum(part.demandees for part in self.parts)

    @property
    def acceptees(self) -> int:
        return sum(part.acceptees for part in self.parts)

    @property
    def refusees(self) -> int:
        return sum(part.refusees for part in self.parts)

    @property
    def sans_reponse(self) -> int:
        return sum(part.sans_reponse for part in self.parts)

    @property
    def is_montrable(self) -> bool:
        """Whether there are doctors enough for a median not to name anybody."""
        return len(self.parts) >= MEDECINS_MINIMUM

    @property
    def quartiles(self) -> tuple[float, float, float] | None:
        """A quarter of the doctors was asked less than the first, half less than the second…; None under five."""
        if not self.is_montrable:
            return None
        bas, milieu, haut = quantiles([part.demandees for part in self.parts], n=4, method="inclusive")
        return bas, milieu, haut

    def count_tranches(self) -> list[tuple[int, int | None, int]]:
        """How many doctors were asked from so many to so many times."""
        return [
            (bas, haut, sum(1 for p in self.parts if bas <= p.demandees and (haut is None or p.demandees <= haut)))
            for bas, haut in TRANCHES
        ]

    def find_part(self, professionnel_id: UUID) -> Part:
        """What this doctor was asked; nothing for one who was not."""
        return next((p for p in self.parts if p.professionnel_id == professionnel_id), Part(professionnel_id))

    def median_of(self, champ: str) -> float | None:
        return float(median(getattr(part, champ) for part in self.parts)) if self.is_montrable else None


@shared
def _count(cpts_id: UUID, periode: Periode) -> list[Any]:
    """What was sent in the period by doctor and reason of refusal, counted once for both sections; one query."""
    return list(
        Sollicitation.objects.of_genre(GENRE)
        .filter(cpts_id=cpts_id, envoyee_le__gte=start_of(periode.debut), envoyee_le__lt=start_of(periode.fin))
        .order_by()
        .values("professionnel_id", "motif_refus")
        .annotate(
            demandees=Count("*"),
            acceptees=Count(Value(1), filter=ACCEPTEES),
            refusees=Count(Value(1), filter=Q(etat=EtatSollicitation.REFUSEE)),
            sans_reponse=Count(Value(1), filter=Q(etat=EtatSollicitation.EXPIREE)),
        )
    )


def compute_equite(cpts_id: UUID, periode: Periode) -> Equite:
    """What doctors were asked in the period; two queries."""
    comptes: dict[UUID, Counter[str]] = {}
    for row in _count(cpts_id, periode):
        comptes.setdefault(row["professionnel_id"], Counter()).update({nom: row[nom] for nom in COMPTES})
    volontaires = Capacite.objects.filter(cpts_id=cpts_id, volontaire_depuis__isnull=False)
    for professionnel_id in volontaires.values_list("professionnel_id", flat=True):
        comptes.setdefault(professionnel_id, Counter())
    parts = [Part(professionnel_id, **found) for professionnel_id, found in comptes.items()]
    return Equite(tuple(sorted(parts, key=lambda part: (-part.demandees, part.professionnel_id))))


def count_refus(cpts_id: UUID, periode: Periode) -> list[tuple[str, int]]:
    """Why doctors declined in the period, the most frequent reason first; one query."""
    comptes: Counter[str] = Counter()
    for row in _count(cpts_id, periode):
        comptes[row["motif_refus"]] += row["refusees"]
    motifs = [(str(motif.label), comptes[motif.value]) for motif in MotifRefus]
    return sorted(motifs, key=lambda ligne: -ligne[1])


def name_medecins(equite: Equite) -> dict[UUID, str]:
    """The doctors' names, for the desk that asks them; one query."""
    ids = [part.professionnel_id for part in equite.parts]
    return {medecin.pk: str(medecin) for medecin in Professionnel.objects.filter(pk__in=ids)}
