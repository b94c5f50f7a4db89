"""The colleges of a community: its own, or the usual ones."""

from uuid import UUID

from ..enums import College
from ..models import CollegeStatutaire


def list_colleges(cpts_id: UUID) -> list[CollegeStatutaire]:
    """Every college, closed ones too, in order; those of `enums.College` (not in the database) before it wrote any."""
    own = list(CollegeStatutaire.objects.filter(cpts_id=cpts_id))
    return own or [
        CollegeStatutaire(cpts_id=cpts_id, code=college.value, nom=college.label, ordre=rang)
        for rang, college in enumerate(College)
    ]


def get_colleges(cpts_id: UUID) -> dict[str, str]:
    """Names by code, closed ones too: a member of a college keeps it."""
    return {college.code: college.nom for college in list_colleges(cpts_id)}


def get_choix_colleges(cpts_id: UUID) -> list[tuple[str, str]]:
    """Codes and names of the open colleges, in order: the choices of a form."""
    return [(college.code, college.nom) for college in list_colleges(cpts_id) if college.ferme_le is None]
