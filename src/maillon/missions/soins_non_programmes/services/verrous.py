"""Locks, always in one order: the professional, their slots, the appointment, the patient.

The exclusion constraint alone deadlocks under contention: two writers each wait for the other's row. The advisory lock
on the professional comes first everywhere, so that writers of one professional's time form one line.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn
from uuid import UUID

from django.db import connection, transaction

from maillon.socle.contexte import act_in, get_contexte, use_contexte

from ..enums import TRANSITIONS_RENDEZ_VOUS, EtatRendezVous
from ..models import ActionRefusee, Creneau, RendezVous


def lock_professionnels(professionnel_ids: Collection[UUID]) -> None:
    """Nobody else changes the time of these professionals until the transaction ends."""
    with connection.cursor() as cursor:
        for pk in sorted(professionnel_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('soins:' || %s, 0))", [str(pk)])


def lock_creneaux(creneau_ids: Collection[UUID]) -> dict[UUID, Creneau]:
    """These slots, locked after their professionals. Creneau.DoesNotExist when one is out of sight."""
    owners = set(Creneau.objects.filter(pk__in=creneau_ids).values_list("professionnel_id", flat=True))
    lock_professionnels(owners)
    rows = Creneau.objects.select_for_update(of=("self",), no_key=True).select_related("professionnel", "cpts")
    found = {creneau.pk: creneau for creneau in rows.filter(pk__in=creneau_ids).order_by("pk")}
    if len(found) < len(set(creneau_ids)):
        raise Creneau.DoesNotExist
    return found


def lock_creneau(creneau_id: UUID) -> Creneau:
    return lock_creneaux([creneau_id])[creneau_id]


def lock_rendez_vous(rendez_vous_id: UUID) -> RendezVous:
    """The appointment as it stands, locked after its slot, which hangs to it."""
    creneau_id = RendezVous.objects.values_list("creneau_id", flat=True).get(pk=rendez_vous_id)
    creneau = lock_creneau(creneau_id)
    rendez_vous = RendezVous.objects.select_for_update(of=("self",), no_key=True).get(pk=rendez_vous_id)
    rendez_vous.creneau = creneau
    return rendez_vous


@contextmanager
def enter(quoi: Creneau | RendezVous) -> Iterator[None]:
    """Work inside the community of a slot or of an appointment: one's own, one of an agent's territory, or one that
    shares the slot with ours. PermissionError for any other."""
    contexte = get_contexte()
    if contexte.cpts_id == quoi.cpts_id:
        yield
        return
    creneau = quoi.creneau if isinstance(quoi, RendezVous) else quoi
    if contexte.cpts_id is not None and contexte.cpts_id in creneau.partages:
        with use_contexte(replace(contexte, cpts_id=creneau.cpts_id)):
            yield
    else:
        with act_in(creneau.cpts_id):
            yield


@contextmanager
def in_transaction() -> Iterator[None]:
    """One transaction: the caller's when there is one, without a savepoint. For what writes nothing when it refuses."""
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield


def check_transition(rendez_vous: RendezVous, vers: EtatRendezVous) -> None:
    """ActionRefusee when the table of transitions does not go there."""
    if vers not in TRANSITIONS_RENDEZ_VOUS[EtatRendezVous(rendez_vous.etat)]:
        refuse_etat(rendez_vous)


def refuse_etat(rendez_vous: RendezVous) -> NoReturn:
    """The appointment is no longer as the page showed it."""
    raise ActionRefusee(f"Ce rendez-vous est {rendez_vous.get_etat_display()}\u00a0: rechargez la page.")
