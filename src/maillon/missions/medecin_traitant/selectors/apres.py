"""What becomes of people after a doctor was found: first appointment, declaration, news at three months."""

from dataclasses import dataclass
from uuid import UUID

from ..enums import GenreJour
from .flux import Periode
from .jours import SUITES, count_placees, read_jours, sum_chiffres


@dataclass(frozen=True, slots=True)
class Apres:
    """Of the people placed in a period; declarations do not concern those with a médecin de suivi (AME)."""

    placees: int
    premier_rdv: int
    declarables: int
    declarees: int
    non_declarees: int
    demandes_a_trois_mois: int
    suivies: int
    non_suivies: int


def compute_apres(cpts_id: UUID, periode: Periode) -> Apres:
    """Two queries at most."""
    jours = read_jours(cpts_id, GenreJour.PLACEES, periode.debut, periode.fin, delais=True)
    suites = sum_chiffres(jours, "suites")
    return Apres(placees=sum(map(count_placees, jours)), **{code: suites.get(code, 0) for code in SUITES})
