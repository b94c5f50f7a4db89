"""When professionals are not there: calendars kept elsewhere, absences that they said, and once they left."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q

from maillon.communaute.adhesions.models import Adhesion
from maillon.communaute.agenda.selectors import find_occupations
from maillon.communaute.personnes.models import Personne
from maillon.communaute.sollicitations.models import Absence
from maillon.regles.horaires import Moment
from maillon.socle.cpts.models import Cpts

from .reglages import find_midnight, get_zone


def find_indisponibles(
    cpts: Cpts, professionnel_ids: Collection[UUID], debut: datetime, fin: datetime
) -> dict[UUID, list[Moment]]:
    """The times at which each is busy or away over [debut, fin[; five queries whatever their number."""
    rows = Personne.objects.filter(professionnel__in=professionnel_ids, fusionnee_dans=None)
    people = {pk: pro for pk, pro in rows.values_list("pk", "professionnel_id") if pro}
    busy: dict[UUID, list[Moment]] = defaultdict(list)
    for occupation in find_occupations(list(people), debut, fin):
        busy[people[occupation.personne_id]].append(Moment(occupation.debut, occupation.fin))
    for professionnel_id, moments in find_absences(cpts, professionnel_ids, debut, fin).items():
        busy[professionnel_id] += moments
    return busy


def find_absences(
    cpts: Cpts, professionnel_ids: Collection[UUID], debut: datetime, fin: datetime
) -> dict[UUID, list[Moment]]:
    """When each said to be away, and from the day on which they left, over [debut, fin[; three queries."""
    away: dict[UUID, list[Moment]] = defaultdict(list)
    zone = get_zone(cpts)
    # Every day that the times touch, on the clock of the community.
    jours = (debut.astimezone(zone).date(), fin.astimezone(zone).date() + timedelta(days=1))
    absences = Absence.objects.filter(cpts_id=cpts.pk, professionnel__in=professionnel_ids, periode__overlap=jours)
    for professionnel_id, periode in absences.values_list("professionnel_id", "periode"):
        moment = Moment(find_midnight(periode.lower, cpts), find_midnight(periode.upper, cpts))
        away[professionnel_id].append(moment)
    for professionnel_id, depuis in _find_departs(cpts, professionnel_ids).items():
        if depuis < jours[1]:
            away[professionnel_id].append(Moment(find_midnight(depuis, cpts), find_midnight(jours[1], cpts)))
    return away


def _find_departs(cpts: Cpts, professionnel_ids: Collection[UUID]) -> dict[UUID, date]:
    """From which day each is no longer of the community: said to have left, or every membership ended. Who never was a
    member has not left. Two queries."""
    ended = (
        Adhesion.objects.filter(cpts_id=cpts.pk, professionnel__in=professionnel_ids, debut__isnull=False)
        .values_list("professionnel_id")
        .annotate(fini=Max("fin"), en_cours=Count("pk", filter=Q(fin=None)))
        .filter(en_cours=0)
        .order_by()
    )
    departs: dict[UUID, date] = {pk: fini for pk, fini, _ in ended}
    gone = Personne.objects.filter(
        cpts_id=cpts.pk, professionnel__in=professionnel_ids, fusionnee_dans=None, partie_le__isnull=False
    )
    for pk, le in gone.values_list("professionnel_id", "partie_le"):
        if pk is not None and le is not None:
            departs[pk] = min(le, departs.get(pk, le))
    return departs


def is_busy(moment: Moment, indisponibles: Collection[Moment]) -> bool:
    return any(moment.overlaps(autre) for autre in indisponibles)
