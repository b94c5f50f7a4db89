"""Whom the cascade of requests asks, what they answer, and why they decline."""

from dataclasses import dataclass
from statistics import median
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.enums import EtatSollicitation, MotifRetrait
from maillon.communaute.sollicitations.models import Sollicitation

from ..enums import MotifRefus
from ..models import GENRE
from .calculs import get_fuseau, start_of
from .periodes import Periode

# Under this many professionals, the median would tell each of them what the others were asked.
MINIMUM = 5
# Who said yes; not who went back on it.
ACCEPTEES = Q(etat=EtatSollicitation.ACCEPTEE) | Q(etat=EtatSollicitation.RETIREE, repondue_le__isnull=False) & ~Q(
    motif_retrait=MotifRetrait.DESISTEMENT
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one professional was asked in a period, and answered."""

    professionnel_id: UUID
    profession: str
    demandees: int
    acceptees: int
    refusees: int
    sans_reponse: int


@dataclass(frozen=True, slots=True)
class Groupe:
    """A profession: its totals, and its spread when there are people enough for it not to name anybody."""

    profession: str
    parts: tuple[Part, ...]

    @property
    def libelle(self) -> str:
        return str(Profession(self.profession).label)

    @property
    def is_montrable(self) -> bool:
        return len(self.parts) >= MINIMUM

    def total(self, champ: str) -> int:
        return sum(getattr(part, champ) for part in self.parts)

    @property
    def mediane(self) -> float | None:
        return float(median(part.demandees for part in self.parts)) if self.is_montrable else None

    @property
    def extremes(self) -> tuple[int, int] | None:
        """The least and the most asked."""
        if not self.is_montrable:
            return None
        nombres = [part.demandees for part in self.parts]
        return min(nombres), max(nombres)


def compute_equite(cpts_id: UUID, periode: Periode) -> list[Groupe]:
    """What professionals were asked in the period, by profession, the most asked first; two queries."""
    rows = (
        _select(cpts_id, periode)
        .values("professionnel_id", profession=F("professionnel__profession"))
        .annotate(
            demandees=Count("*"),
            acceptees=Count(Value(1), filter=ACCEPTEES),
            refusees=Count(Value(1), filter=Q(etat=EtatSollicitation.REFUSEE)),
            sans_reponse=Count(Value(1), filter=Q(etat=EtatSollicitation.EXPIREE)),
        )
    )
    par_profession: dict[str, list[Part]] = {}
    for row in rows:
        par_profession.setdefault(row["profession"], []).append(Part(**row))
    groupes = [
        Groupe(code, tuple(sorted(parts, key=lambda p: (-p.demandees, p.professionnel_id))))
        for code, parts in par_profession.items()
    ]
    return sorted(groupes, key=lambda groupe: -groupe.total("demandees"))


def count_refus(cpts_id: UUID, periode: Periode) -> list[tuple[str, int]]:
    """Why professionals declined in the period, the most frequent reason first; two queries."""
    comptes = dict(
        _select(cpts_id, periode)
        .filter(etat=EtatSollicitation.REFUSEE)
        .values_list("motif_refus")
        .annotate(nombre=Count("*"))
    )
    motifs = [(str(motif.label), comptes.get(motif.value, 0)) for motif in MotifRefus]
    return sorted((ligne for ligne in motifs if ligne[1]), key=lambda ligne: -ligne[1])


def name_professionnels(groupes: list[Groupe]) -> dict[UUID, str]:
    """Their names, for the desk that asks them; one query."""
    ids = [part.professionnel_id for groupe in groupes for part in groupe.parts]
    return {gen.pk: str(gen) for gen in Professionnel.objects.filter(pk__in=ids)}


def _select(cpts_id: UUID, periode: Periode) -> QuerySet[Sollicitation]:
    """What was sent in the period."""
    fuseau = get_fuseau(cpts_id)
    return (
        Sollicitation.objects.of_genre(GENRE)
        .filter(
            cpts_id=cpts_id,
            envoyee_le__gte=start_of(periode.debut, fuseau),
            envoyee_le__lt=start_of(periode.fin, fuseau),
        )
        .order_by()
    )
