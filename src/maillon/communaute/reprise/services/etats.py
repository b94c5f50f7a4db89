"""Moving a list from one state to the next, one at a time."""

from uuid import UUID

from django.db import transaction

from ..enums import EN_COURS, RETOURS, TRANSITIONS, EtatReprise
from ..models import Reprise


class RepriseRefusee(ValueError):
    """Why a list is not taken over so, in one French sentence that says what to do."""


def lock_reprise(pk: UUID) -> Reprise:
    """The list as it is now, until the end of the transaction."""
    return Reprise.objects.select_for_update(of=("self",)).select_related("fichier").get(pk=pk)


def move(reprise: Reprise, etat: EtatReprise) -> None:
    """Check the transition; the caller saves. Raises RepriseRefusee."""
    if etat not in TRANSITIONS[EtatReprise(reprise.etat)]:
        raise RepriseRefusee(f"Cette liste est {reprise.get_etat_display()} : rechargez la page.")
    reprise.etat = etat


@transaction.atomic
def fail_reprise(*, reprise_id: UUID, raison: str) -> None:
    """Put a list whose job stopped back where a person can take it up, with the reason."""
    reprise = lock_reprise(reprise_id)
    if reprise.etat in EN_COURS:
        reprise.etat = RETOURS[EtatReprise(reprise.etat)]
        reprise.erreur = raison[:300]
        reprise.save(update_fields=["etat", "erreur"])
