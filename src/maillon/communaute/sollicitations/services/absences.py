"""A professional says when they are away."""

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..models import Absence, ActionRefusee

DUREE_MAX = timedelta(days=366)


@transaction.atomic
def declare_absence(*, cpts_id: UUID, professionnel: Professionnel, du: date, au: date, by: Acteur) -> Absence:
    """Away from one day to another, both included: nobody asks this professional anything meanwhile. What waits for
    an answer already still does. Raises ActionRefusee for days past, too long, or already said."""
    if au < du or au < today():
        raise ActionRefusee("Donnez un premier jour, puis un dernier jour qui n’est pas passé.")
    if au - du > DUREE_MAX:
        raise ActionRefusee("Une absence dure un an au plus. Pour un départ, prévenez la communauté.")
    absence = Absence(cpts_id=cpts_id, professionnel=professionnel, periode=DateRange(du, au + timedelta(days=1)))
    try:
        absence.validate_constraints()
    except ValidationError as error:
        raise ActionRefusee(" ".join(error.messages)) from error
    absence.save(force_insert=True)
    journal.record("sollicitations.absence", absence, by=by, du=du.isoformat(), au=au.isoformat())
    _tell(absence)
    return absence


@transaction.atomic
def cancel_absence(*, absence: Absence, by: Acteur) -> None:
    """The professional is there after all."""
    journal.record("sollicitations.absence_retiree", absence, by=by)
    absence.delete()
    _tell(absence)


def _tell(absence: Absence) -> None:
    """Those who follow when this professional is busy hear that it changed."""
    for suite in collect("suites_occupations"):
        suite.fait(absence.cpts_id, absence.professionnel_id)
