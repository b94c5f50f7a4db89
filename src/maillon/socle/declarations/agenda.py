"""What has a date, and who is busy."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ..droits.acteur import Acteur


@dataclass(frozen=True, slots=True)
class PorteeAgenda:
    """Whose calendar is read: that of a person, of a group, or all that the actor may see.

    A feed has no actor: it is that of `personne_id` or `groupe_id`, and shows what this person or group may know.
    """

    cpts_id: UUID
    acteur: Acteur | None = None
    personne_id: UUID | None = None
    groupe_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EntreeAgenda:
    """Something with a date: a meeting, a duty, a workshop, a deadline. No patient's identity, no reason of care.

    `uid` never changes, `sequence` grows with each change; a whole day has dates (`fin` excluded), else moments.
    """

    uid: str
    genre: str
    titre: str
    debut: datetime | date
    fin: datetime | date
    sequence: int = 0
    lieu: str = ""
    url: str = ""
    annulee: bool = False
    mission: str = ""


@dataclass(frozen=True, slots=True)
class SourceAgenda:
    """What an app puts in calendars: `entrees(portee, debut, fin)` over [debut, fin[; constant queries.

    `genre` groups entries under `libelle`: a person shows or hides them together.
    """

    genre: str
    libelle: str
    entrees: Callable[[PorteeAgenda, datetime, datetime], list[EntreeAgenda]]


@dataclass(frozen=True, slots=True)
class Occupation:
    """A person is busy from `debut` to `fin`, elsewhere: nobody is told with what. `de_garde`: busy for who seeks the
    date of a meeting, and there for who seeks care."""

    personne_id: UUID
    debut: datetime
    fin: datetime
    de_garde: bool = False


@dataclass(frozen=True, slots=True)
class SourceOccupations:
    """Where those who seek a date learn who is busy: `occupations(personne_ids, debut, fin)` over [debut, fin[, by
    person then time, without overlap; one query."""

    occupations: Callable[[Collection[UUID], datetime, datetime], list[Occupation]]


@dataclass(frozen=True, slots=True)
class SuiteOccupations:
    """Who is told that the busy times or the absences of a professional changed: `fait(cpts_id, professionnel_id)`, in
    the same transaction. Long work is queued."""

    fait: Callable[[UUID, UUID], None]
