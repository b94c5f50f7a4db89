"""A duty that is over was held, or not: what pay collects, with a hash of what was said."""

import hashlib
import json
from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import EtatGarde
from ..models import ActionRefusee, Garde
from .commun import lock_tableau, lock_tableau_of

CONSTATES = (EtatGarde.TENUE, EtatGarde.NON_TENUE)


@transaction.atomic
def record_constat(*, garde_id: UUID, tenue: bool, by: Acteur) -> Garde:
    """Say whether a duty that is over was held; said again, the last word counts. Raises ActionRefusee before its end,
    or for a duty that passed to somebody else."""
    _, garde = lock_tableau_of(garde_id)
    etat = EtatGarde.TENUE if tenue else EtatGarde.NON_TENUE
    if garde.etat == etat:
        return garde
    if garde.fin > now():
        raise ActionRefusee("Cette garde n’est pas finie\u00a0: dites après si elle a été tenue.")
    _write(garde, etat)
    journal.record("gardes.constatee", garde, by=by, etat=str(etat))
    return garde


def _write(garde: Garde, etat: EtatGarde) -> None:
    garde.move_to(etat)
    garde.constatee_le = now() if etat in CONSTATES else None
    garde.empreinte = _hash(garde) if etat == EtatGarde.TENUE else ""
    garde.save(update_fields=["etat", "sequence", "constatee_le", "empreinte"])


def _hash(garde: Garde) -> str:
    """SHA-256 of who held what when, as it was said."""
    said = {
        "garde": str(garde.pk),
        "professionnel": str(garde.professionnel_id),
        "debut": garde.debut.isoformat(),
        "fin": garde.fin.isoformat(),
        "constatee_le": garde.constatee_le.isoformat() if garde.constatee_le else "",
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def undo_constat(*, garde_id: UUID, by: Acteur) -> Garde:
    """It was said by mistake: the duty waits again."""
    _, garde = lock_tableau_of(garde_id)
    if garde.etat in CONSTATES:
        _write(garde, EtatGarde.PUBLIEE)
        journal.record("gardes.constat_annule", garde, by=by)
    return garde


@transaction.atomic
def record_constats(*, tableau_id: UUID, garde_ids: Collection[UUID] | None, by: Acteur) -> int:
    """All the duties over that nobody spoke of were held, or those chosen; returns how many."""
    tableau = lock_tableau(tableau_id)
    rows = tableau.gardes.filter(etat=EtatGarde.PUBLIEE, fin__lte=now())
    if garde_ids is not None:
        rows = rows.filter(pk__in=garde_ids)
    gardes = list(rows)
    for garde in gardes:
        _write(garde, EtatGarde.TENUE)
    if gardes:
        journal.record("gardes.constatees", tableau, by=by, nombre=len(gardes))
    return len(gardes)
