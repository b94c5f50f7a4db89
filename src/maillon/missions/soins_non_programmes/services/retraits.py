"""Openings withdrawn: a day or altogether. What somebody booked stays, and is named; each gesture can be undone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from maillon.regles.horaires import list_jours
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import EtatCreneau
from ..models import Creneau, Plage, RendezVous
from ..ouvertures import to_ouverture
from ..selectors.reglages import find_midnight, get_reglages, list_feries
from .creneaux import follow_occupations, set_etat
from .verrous import lock_professionnels


@dataclass(frozen=True, slots=True)
class Retrait:
    """What a withdrawal did; `gardes` are the slots booked or held, which stay. `moment` undoes it."""

    retires: int
    gardes: list[Creneau]
    moment: datetime

    @property
    def donnes(self) -> list[Creneau]:
        """Those of which somebody was told: they are to be told again."""
        return [creneau for creneau in self.gardes if creneau.etat == EtatCreneau.RESERVE]


def _lock_plage(plage_id: UUID) -> Plage:
    """The opening as it stands, locked after its professional."""
    lock_professionnels([Plage.objects.values_list("professionnel_id", flat=True).get(pk=plage_id)])
    rows = Plage.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("professionnel", "lieu__commune", "cpts").get(pk=plage_id)


@transaction.atomic
def withdraw_plage(*, plage_id: UUID, by: Acteur) -> Retrait:
    """No more slots of this opening; those that somebody has stay, and are named."""
    plage = _lock_plage(plage_id)
    moment = plage.retiree_le or now()
    if plage.retiree_le is None:
        plage.retiree_le = moment
        plage.save(update_fields=["retiree_le"])
    retrait = withdraw_rows(Creneau.objects.filter(plage=plage, debut__gt=now()), moment)
    journal.record("soins.plage_retiree", plage, by=by, retires=retrait.retires, gardes=len(retrait.gardes))
    return retrait


@transaction.atomic
def restore_plage(*, plage_id: UUID, moment: datetime, by: Acteur) -> int:
    """Undo a withdrawal made at that moment; returns how many slots came back. Slots of days not made yet follow."""
    plage = _lock_plage(plage_id)
    if plage.retiree_le is not None and plage.retiree_le == moment:
        plage.retiree_le = None
        plage.save(update_fields=["retiree_le"])
    back = _restore(Creneau.objects.filter(plage=plage), moment)
    journal.record("soins.plage_rouverte", plage, by=by, rouverts=back)
    return back


@transaction.atomic
def withdraw_jour(*, cpts: Cpts, professionnel_id: UUID, jour: date, by: Acteur) -> Retrait:
    """A whole day of a professional, all openings together; appointments stay, and are named."""
    lock_professionnels([professionnel_id])
    moment = now()
    retrait = withdraw_rows(_of_day(cpts, professionnel_id, jour), moment)
    plages = _days_of(cpts, professionnel_id, jour)
    for plage in plages:
        plage.sauf = sorted({*plage.sauf, jour})
        plage.save(update_fields=["sauf"])
    if plages:
        journal.record_many("soins.jour_retire", plages, by=by, jour=jour.isoformat(), retires=retrait.retires)
    return retrait


@transaction.atomic
def restore_jour(*, cpts: Cpts, professionnel_id: UUID, jour: date, moment: datetime, by: Acteur) -> int:
    """Undo the withdrawal of a day; returns how many slots came back."""
    lock_professionnels([professionnel_id])
    plages = list(Plage.objects.filter(cpts_id=cpts.pk, professionnel=professionnel_id, sauf__contains=[jour]))
    for plage in plages:
        plage.sauf = [autre for autre in plage.sauf if autre != jour]
        plage.save(update_fields=["sauf"])
    journal.record_many("soins.jour_rouvert", plages, by=by, jour=jour.isoformat())
    return _restore(_of_day(cpts, professionnel_id, jour), moment)


def _of_day(cpts: Cpts, professionnel_id: UUID, jour: date) -> QuerySet[Creneau]:
    midnight, end = find_midnight(jour, cpts), find_midnight(jour + timedelta(days=1), cpts)
    rows = Creneau.objects.filter(cpts_id=cpts.pk, professionnel=professionnel_id)
    return rows.filter(debut__gte=max(midnight, now()), debut__lt=end)


def _days_of(cpts: Cpts, professionnel_id: UUID, jour: date) -> list[Plage]:
    """The openings of a professional that receive on that day."""
    reglages, feries = get_reglages(cpts.pk), list_feries(cpts, jour, jour + timedelta(days=1))
    plages = Plage.objects.actives().filter(cpts_id=cpts.pk, professionnel=professionnel_id)
    demain = jour + timedelta(days=1)
    return [p for p in plages if list_jours(to_ouverture(p, reglages), jour, demain, feries)]


def withdraw_rows(rows: QuerySet[Creneau], moment: datetime) -> Retrait:
    free = list(
        rows.filter(etat__in=(EtatCreneau.LIBRE, EtatCreneau.OCCUPE)).order_by("pk").values_list("pk", flat=True)
    )
    set_etat(free, EtatCreneau.RETIRE, retire_le=moment)
    kept = list(rows.filter(etat__in=(EtatCreneau.RETENU, EtatCreneau.RESERVE)).order_by("debut"))
    # Their slots are withdrawn all the same: once free they are not offered again. Who had been told that they would
    # be received is to be told again.
    rows.filter(pk__in=[creneau.pk for creneau in kept]).update(retire_le=moment)
    RendezVous.objects.filter(creneau__in=kept, prevenu_le__isnull=False).update(prevenu_le=None)
    return Retrait(len(free), kept, moment)


def _restore(rows: QuerySet[Creneau], moment: datetime) -> int:
    rows.filter(etat__in=(EtatCreneau.RETENU, EtatCreneau.RESERVE), retire_le=moment).update(retire_le=None)
    own = list(rows.filter(etat=EtatCreneau.RETIRE, retire_le=moment, debut__gt=now()))
    back = set_etat([creneau.pk for creneau in own], EtatCreneau.LIBRE)
    if back:  # calendars kept elsewhere may have filled up meanwhile
        follow_occupations(own[0].cpts_id, own[0].professionnel_id)
    return len(back)
