"""When professionals are not there: calendars kept elsewhere, and absences that they said."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from maillon.communaute.agenda.selectors import find_occupations
from maillon.communaute.personnes.models import Personne
from maillon.communaute.sollicitations.models import Absence
from maillon.regles.horaires import Moment
from maillon.socle.cpts.models import Cpts

from .reglages import find_midnight, get_zone


def find_indisponibles(
    cpts: Cpts, professionnel_ids: Collection[UUID], debut: datetime, fin: datetime
) -> dict[UUID, list[Moment]]:
    """The times at which each is busy or away over [debut, fin[; three queries whatever their number."""
    rows = Personne.objects.filter(professionnel__in=professionnel_ids, fusionnee_dans=None)
    people = {pk: pro for pk, pro in rows.values_list("pk", "professionnel_id") if pro}
    busy: dict[UUID, list[Moment]] = defaultdict(list)
    for occupation in find_occupations(list(people), debut, fin):
        busy[people[occupation.personne_id]].append(Moment(occupation.debut, occupation.fin))
    absences = Absence.objects.filter(cpts_id=cpts.pk, professionnel__in=professionnel_ids)
    # Every day that the times touch, on the clock of the community.
    zone = get_zone(cpts)
    jours = (debut.astimezone(zone).date(), fin.astimezone(zone).date() + timedelta(days=1))
    periodes = absences.filter(periode__overlap=jours).values_list("professionnel_id", "periode")
    for professionnel_id, periode in periodes:
        away = Moment(find_midnight(periode.lower, cpts), find_midnight(periode.upper, cpts))
        busy[professionnel_id].append(away)
    return busy


def is_busy(moment: Moment, indisponibles: Collection[Moment]) -> bool:
    return any(moment.overlaps(autre) for autre in indisponibles)
