"""The desk records a doctor's answer told on the telephone, and undoes one recorded by mistake."""

from uuid import UUID

from django.db import transaction

from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import undo_answer
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from ..enums import MotifRefus
from ..models import ActionRefusee
from .commun import lock
from .propositions import accept_proposition, decline_proposition


@transaction.atomic
def record_reponse_medecin(
    *, demande_id: UUID, sollicitation_id: UUID, motif: MotifRefus | None, by: Acteur
) -> Sollicitation:
    """The doctor said yes, or no with a reason (`motif`), to somebody of the desk, who answers for them.

    Everything follows as if the doctor had answered. Raises ActionRefusee when no answer is awaited any more.
    """
    demande = lock(demande_id)
    asked = demande.sollicitations.select_related("professionnel").get(pk=sollicitation_id)
    if not asked.attend_reponse:
        raise ActionRefusee(
            f"La réponse de {asked.professionnel} n’est plus attendue\u00a0: rechargez la page pour voir où en est la "
            "demande."
        )
    journal.record("medecin_traitant.reponse_medecin_notee", demande, by=by, proposition=str(asked.pk))
    if motif is None:
        return accept_proposition(proposition_id=asked.pk, by=by)
    return decline_proposition(proposition_id=asked.pk, motif=motif, by=by)


@transaction.atomic
def undo_reponse_medecin(*, demande_id: UUID, sollicitation_id: UUID, by: Acteur) -> Sollicitation:
    """The doctor's yes or no was recorded by mistake: it is awaited again; see `sollicitations.undo_answer`.

    Raises ActionRefusee when the patient answered, another doctor has the request, or it is closed.
    """
    lock(demande_id)
    return undo_answer(sollicitation_id=sollicitation_id, by=by)
