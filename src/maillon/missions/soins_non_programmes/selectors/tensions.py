"""Demand against offer, by hour of the day and profession: what is asked when, and how many slots begin then.

A demand is somebody who asked: a request that nobody called off, or an appointment taken straight on a slot. It counts
at the hour at which it was made.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from maillon.communaute.annuaire.enums import Profession
from maillon.regles.secret import find_caches

from ..enums import EtatDemande, Horaire, MotifAnnulation
from ..models import Creneau, DemandeSoin, RendezVous
from .calculs import get_fuseau, start_of
from .indicateurs import list_creneaux
from .periodes import Periode

HEURES = range(8, 20)


def list_demandes(cpts_id: UUID, periode: Periode, fuseau: ZoneInfo) -> QuerySet[DemandeSoin]:
    """Requests filed in the period, but for those called off."""
    return DemandeSoin.objects.filter(
        cpts_id=cpts_id,
        deposee_le__gte=start_of(periode.debut, fuseau),
        deposee_le__lt=start_of(periode.fin, fuseau),
    ).exclude(etat=EtatDemande.ANNULEE)


def list_directs(cpts_id: UUID, periode: Periode, fuseau: ZoneInfo) -> QuerySet[RendezVous]:
    """Appointments taken in the period straight on a slot of the mission: neither the answer to a request, nor one that
    took the place of another, nor a mistake."""
    return RendezVous.objects.filter(
        cpts_id=cpts_id,
        pris_le__gte=start_of(periode.debut, fuseau),
        pris_le__lt=start_of(periode.fin, fuseau),
        demande=None,
        remplace=None,
        confirme_le__isnull=False,
        creneau__horaire=Horaire.MISSION,
    ).exclude(motif_annulation=MotifAnnulation.ERREUR)


@dataclass(frozen=True, slots=True)
class Tension:
    """One hour of one profession. `demandes` is None where too few people asked for the number to be shown."""

    profession: str
    heure: int
    demandes: int | None
    places: int

    @property
    def rapport(self) -> float | None:
        """Requests for one slot; nothing without request. Where no slot is, more than any."""
        if not self.demandes:
            return None
        return self.demandes / self.places if self.places else float("inf")


@dataclass(frozen=True, slots=True)
class Tensions:
    professions: tuple[tuple[str, str], ...]
    cases: dict[tuple[str, int], Tension]
    demandes: int
    places: int
    hors_heures: int
    """Requests made at other hours than those of the table."""

    def find_pire(self) -> Tension | None:
        """Where most people find no slot at their hour."""
        vues = [case for case in self.cases.values() if case.demandes]
        return max(vues, key=lambda case: ((case.demandes or 0) - case.places, -case.heure), default=None)


def compute_tensions(cpts_id: UUID, periode: Periode, *, jour: int | None = None) -> Tensions:
    """The table over a period, every day or one day of the week (1 is Monday); five queries."""
    fuseau = get_fuseau(cpts_id)
    demandes = _count(list_demandes(cpts_id, periode, fuseau), "deposee_le", "profession", fuseau, jour)
    demandes += _count(list_directs(cpts_id, periode, fuseau), "pris_le", "creneau__profession", fuseau, jour)
    places = _count(
        list_creneaux(cpts_id, periode.debut, periode.fin).filter(Q(reservable=True)),
        "debut",
        "profession",
        fuseau,
        jour,
    )
    codes = [code for code in Profession.values if any(cle[0] == code for cle in (*demandes, *places))]
    codes.sort(key=lambda code: -sum(nombre for cle, nombre in demandes.items() if cle[0] == code))
    cases: dict[tuple[str, int], Tension] = {}
    for code in codes:
        par_heure = {heure: demandes[code, heure] for heure in HEURES}
        caches = find_caches(par_heure) if any(par_heure.values()) else frozenset()
        for heure, nombre in par_heure.items():
            cases[code, heure] = Tension(code, heure, None if heure in caches else nombre, places[code, heure])
    return Tensions(
        tuple((code, str(Profession(code).label)) for code in codes),
        cases,
        demandes.total(),
        places.total(),
        sum(nombre for (_, heure), nombre in demandes.items() if heure not in HEURES),
    )


def _count(
    rows: QuerySet[DemandeSoin] | QuerySet[RendezVous] | QuerySet[Creneau],
    moment: str,
    profession: str,
    fuseau: ZoneInfo,
    jour: int | None,
) -> Counter[tuple[str, int]]:
    comptes = rows.order_by().annotate(
        h=ExtractHour(moment, tzinfo=fuseau), j=ExtractIsoWeekDay(moment, tzinfo=fuseau), p=F(profession)
    )
    if jour is not None:
        comptes = comptes.filter(j=jour)
    lignes: Sequence[tuple[str, int, int]] = list(comptes.values_list("p", "h").annotate(nombre=Count("*")))
    return Counter({(code, heure): nombre for code, heure, nombre in lignes})
