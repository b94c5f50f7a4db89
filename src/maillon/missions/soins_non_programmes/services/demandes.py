"""A request for care today: filed in twenty seconds, locked and moved by its table of transitions, never without a
next date.

Locks: the request, then its call and its solicitations, then the professional's time, then the patient.
"""

from typing import Any
from uuid import UUID

from maillon.communaute.patients.services import touch_patient

from ..enums import TRANSITIONS_DEMANDE, EtatDemande
from ..models import ActionRefusee, DemandeSoin


def lock_demande(demande_id: UUID) -> DemandeSoin:
    """The request, locked until the transaction ends: every service that changes it comes through here first.

    Who accepted is read after the lock: a row joined to one that was waited for is that of before the wait.
    """
    return (
        DemandeSoin.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cpts", "patient", "commune")
        .get(pk=demande_id)
    )


def move(demande: DemandeSoin, etat: EtatDemande, **fields: Any) -> None:
    """Change the state by the table of transitions, with what goes with it, and save."""
    if etat not in TRANSITIONS_DEMANDE[EtatDemande(demande.etat)]:
        raise ActionRefusee(
            f"La demande {demande.reference} est «\u00a0{demande.get_etat_display()}\u00a0»\u00a0: rechargez la page."
        )
    demande.etat = etat
    save(demande, **fields)


def save(demande: DemandeSoin, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(demande, name, value)
    demande.save()
    touch_patient(patient=demande.patient)
