"""The colleges that a community writes for itself."""

from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..models import CollegeStatutaire
from ..selectors import list_colleges


@transaction.atomic
def keep_colleges(*, cpts_id: UUID, by: Acteur) -> list[CollegeStatutaire]:
    """The colleges of a community as rows of its own: the usual ones are copied the first time one changes."""
    colleges = list_colleges(cpts_id)
    for college in colleges:
        if college._state.adding:
            college.save(force_insert=True)
            journal.record("adhesions.college_ecrit", college, by=by)
    return colleges


@transaction.atomic
def add_college(*, cpts_id: UUID, nom: str, by: Acteur) -> CollegeStatutaire:
    """A new college, after the others. Raises ValidationError when the name is taken."""
    colleges = keep_colleges(cpts_id=cpts_id, by=by)
    codes = {college.code for college in colleges}
    base = slugify(nom)[:20] or "college"
    code = next(c for c in (base, *(f"{base}-{n}" for n in range(2, 100))) if c not in codes)
    college = CollegeStatutaire(cpts_id=cpts_id, code=code, nom=nom, ordre=len(colleges))
    college.validate_constraints()
    college.save(force_insert=True)
    journal.record("adhesions.college_ecrit", college, by=by)
    return college


@transaction.atomic
def rename_college(*, cpts_id: UUID, code: str, nom: str, by: Acteur) -> CollegeStatutaire:
    """Another name for a college; its members stay. Raises ValidationError when the name is taken."""
    college = _get(cpts_id, code, by=by)
    college.nom = nom
    college.validate_constraints()
    college.save(update_fields=["nom"])
    journal.record("adhesions.college_ecrit", college, by=by)
    return college


@transaction.atomic
def close_college(*, cpts_id: UUID, code: str, ferme: bool, by: Acteur) -> CollegeStatutaire:
    """Offer a college no more, or again; its members keep it until somebody moves them."""
    college = _get(cpts_id, code, by=by)
    college.ferme_le = today() if ferme else None
    college.validate_constraints()
    college.save(update_fields=["ferme_le"])
    journal.record("adhesions.college_ecrit", college, by=by)
    return college


def _get(cpts_id: UUID, code: str, *, by: Acteur) -> CollegeStatutaire:
    return next(college for college in keep_colleges(cpts_id=cpts_id, by=by) if college.code == code)
