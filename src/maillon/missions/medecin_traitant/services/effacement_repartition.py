"""What assignments keep of a person is forgotten with them."""

from uuid import UUID

from django.db import transaction

from ..models import LigneRepartition


@transaction.atomic
def forget_lignes(*, cpts_id: UUID, patient_id: UUID) -> int:
    """Forget the situation and the reasons kept in the lines of this patient; dates and doctors stay, as acts."""
    return LigneRepartition.objects.filter(cpts_id=cpts_id, demande__patient=patient_id).update(explication={})
