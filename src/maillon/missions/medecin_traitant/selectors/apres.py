"""What becomes of people after a doctor was found: first appointment, declaration, news at three months."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, Value

from ..enums import Bilan, Declaration, Issue
from ..models import Demande
from .calculs import start_of
from .flux import Periode


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
    """One query."""
    declarable = ~Q(issue=Issue.MEDECIN_SUIVI)
    return Apres(
        **Demande.objects.filter(
            cpts_id=cpts_id, placee_le__gte=start_of(periode.debut), placee_le__lt=start_of(periode.fin)
        ).aggregate(
            placees=Count("*"),
            premier_rdv=Count(Value(1), filter=Q(premier_rdv_le__isnull=False)),
            declarables=Count(Value(1), filter=declarable),
            declarees=Count(Value(1), filter=declarable & Q(declaration=Declaration.FAITE)),
            non_declarees=Count(Value(1), filter=declarable & Q(declaration=Declaration.NON_FAITE)),
            demandes_a_trois_mois=Count(Value(1), filter=~Q(bilan="")),
            suivies=Count(Value(1), filter=Q(bilan=Bilan.SUIVI)),
            non_suivies=Count(Value(1), filter=Q(bilan=Bilan.NON_SUIVI)),
        )
    )
