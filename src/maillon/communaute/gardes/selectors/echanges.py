"""To whom a duty may be offered, and against which of theirs."""

from datetime import datetime
from uuid import UUID

from ..enums import EtatGarde
from ..models import Garde
from .empechements import Registre, list_empechements
from .gardes import Collegue
from .probleme import build_probleme, list_affectations


def list_collegues(garde: Garde, moment: datetime) -> list[Collegue]:
    """Colleagues of the profession: first those who may take it over, then those who may swap, then the others with why
    not; constant queries."""
    tableau = garde.tableau
    registre = Registre.build(build_probleme(tableau), list_affectations(tableau))
    theirs: dict[UUID, list[Garde]] = {}
    rows = Garde.objects.filter(tableau=tableau, etat=EtatGarde.PUBLIEE, debut__gt=moment)
    for other in rows.filter(poste__profession=garde.poste.profession).select_related("poste").order_by("debut"):
        theirs.setdefault(other.participant_id, []).append(other)
    people = tableau.participants.filter(professionnel__profession=garde.poste.profession)
    found = []
    for participant in people.exclude(pk=garde.participant_id).select_related("personne", "professionnel"):
        raisons = list_empechements(registre, participant.pk, garde.poste_id)
        contre = tuple(
            other for other in theirs.get(participant.pk, ()) if _may_swap(registre, garde, other, participant.pk)
        )
        found.append(Collegue(participant, raisons, contre))
    return sorted(found, key=lambda c: (bool(c.raisons), not c.contre, str(c.participant)))


def _may_swap(registre: Registre, garde: Garde, other: Garde, vers: UUID) -> bool:
    """Whether each may hold what the other gives."""
    taken = list_empechements(registre, vers, garde.poste_id, sauf=[other.poste_id])
    given = list_empechements(registre, garde.participant_id, other.poste_id, sauf=[garde.poste_id])
    return not taken and not given
