"""What is carried from roster to roster: how many duties of each kind a person held."""

from collections import Counter
from uuid import UUID

from ..enums import OFFICIELLES, OFFICIELS
from ..models import Garde, Tableau


def find_precedent(tableau: Tableau, profession: str) -> Tableau | None:
    """The last published roster of a profession that begins before this one."""
    return (
        Tableau.objects.filter(
            cpts_id=tableau.cpts_id, etat__in=OFFICIELS, professions__contains=[profession], debut__lt=tableau.debut
        )
        .order_by("-debut")
        .first()
    )


def compute_credits(tableau: Tableau, profession: str) -> dict[UUID, dict[str, int]]:
    """By participant of a published roster, what they had before and what they held or hold in it; two queries."""
    held: dict[UUID, Counter[str]] = {}
    rows = Garde.objects.filter(tableau=tableau, poste__profession=profession, etat__in=OFFICIELLES)
    for participant_id, genre in rows.values_list("participant", "poste__genre"):
        held.setdefault(participant_id, Counter())[genre] += 1
    people = tableau.participants.filter(professionnel__profession=profession).values_list("pk", "credits")
    return {pk: dict(Counter(credits) + held.get(pk, Counter())) for pk, credits in people}
