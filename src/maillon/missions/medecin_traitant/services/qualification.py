"""The desk qualifies: facts, owner, next date."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import Action, Etat
from ..models import ActionRefusee, Demande
from ..selectors import FAITS
from .commun import JOURS_POUR_PROPOSER, choose_responsable, in_days, lock, move, plan, set_priorite
from .depot import FaitsSaisis


@transaction.atomic
def qualify_demande(*, demande_id: UUID, faits: FaitsSaisis, by: Acteur) -> Demande:
    """Record the facts as the desk heard them and compute the priority.

    A request just filed becomes qualified, to be proposed within three days; one already qualified is corrected
    and keeps its state. Raises ActionRefusee once a doctor accepted: the facts led to that choice.
    """
    demande = lock(demande_id)
    if demande.etat not in (Etat.DEPOSEE, Etat.QUALIFIEE, Etat.PROPOSEE):
        raise ActionRefusee(
            f"La demande {demande.reference} ne se qualifie plus : elle est « {demande.get_etat_display()} »."
        )
    answers = asdict(faits.at_age(demande.patient.annee_naissance, today().year))
    changed = [name for name in (*FAITS, "langue") if getattr(demande, name) != answers[name]]
    for name, value in answers.items():
        setattr(demande, name, value)
    set_priorite(demande)
    if demande.etat == Etat.DEPOSEE:
        plan(demande, Action.PROPOSER, in_days(JOURS_POUR_PROPOSER))
        move(demande, Etat.QUALIFIEE, qualifiee_le=now())
        journal.record("medecin_traitant.qualifiee", demande, by=by, niveau=demande.priorite_niveau)
    else:
        demande.save()
        journal.record("medecin_traitant.corrigee", demande, by=by, nombre=len(changed))
    return demande


@transaction.atomic
def plan_demande(*, demande_id: UUID, responsable_id: UUID, prochaine_date: date, by: Acteur) -> Demande:
    """Give a request to somebody of the desk, for a day that is not past."""
    demande = lock(demande_id)
    if not demande.is_suivie:
        raise ActionRefusee(f"La demande {demande.reference} n’est plus suivie : il n’y a plus rien à prévoir.")
    if prochaine_date < today():
        raise ActionRefusee("Choisissez aujourd’hui ou un jour à venir.")
    demande.responsable = choose_responsable(demande.cpts_id, prefer=responsable_id)
    demande.prochaine_date = prochaine_date
    demande.save()
    journal.record("medecin_traitant.planifiee", demande, by=by, le=prochaine_date.isoformat())
    return demande
