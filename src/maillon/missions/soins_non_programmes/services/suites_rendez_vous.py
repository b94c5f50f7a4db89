"""After a booking: cancelled, restored, moved, honoured or missed; each may be taken back."""

import hashlib
import json
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillon.socle.declarations import FaitRendezVous
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.journal.models import Entree
from maillon.socle.taches import enqueue

from ..enums import PRIS, EtatCreneau, EtatRendezVous, MotifAnnulation
from ..models import ActionRefusee, Creneau, CreneauPris, RendezVous
from .creneaux import follow_occupations
from .reservation import set_creneau, take, tell
from .verrous import check_transition, enter, lock_creneaux, lock_rendez_vous

# Somebody may come a little before the hour.
AVANCE = timedelta(minutes=30)


def compute_empreinte(rendez_vous: RendezVous) -> str:
    """SHA-256 (hexadecimal) of the facts of an appointment kept or missed, and of the journal entries that prove it."""
    proofs = Entree.objects.filter(
        cpts_id=rendez_vous.cpts_id,
        objet_id=rendez_vous.pk,
        evenement__startswith="soins.rendez_vous",
        le__lte=rendez_vous.constate_le,
    )
    facts = {
        "rendez_vous": str(rendez_vous.pk),
        "professionnel": str(rendez_vous.creneau.professionnel_id),
        "debut": rendez_vous.creneau.debut.isoformat(),
        "fin": rendez_vous.creneau.fin.isoformat(),
        "etat": str(rendez_vous.etat),
        "pris_le": rendez_vous.pris_le.isoformat(),
        "constate_le": rendez_vous.constate_le.isoformat() if rendez_vous.constate_le else "",
        "journal": list(proofs.order_by("id").values_list("id", flat=True)),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def refresh_pilotage(cpts_id: UUID) -> None:
    """Have the figures of the contract computed again, once for however many acts."""
    enqueue("pilotage.rafraichir", cpts_id=cpts_id, once=f"pilotage.rafraichir:{cpts_id}")


@transaction.atomic
def cancel(*, rendez_vous: RendezVous, motif: MotifAnnulation | str, by: Acteur, rouvrir: bool = True) -> RendezVous:
    """The person does not come. The slot is offered again, or closed when `rouvrir` is false.

    Cancelling twice is cancelling once. Raises ActionRefusee when the person has come, or the hold has ended.
    """
    with enter(rendez_vous.creneau):
        rendez_vous = lock_rendez_vous(rendez_vous.pk)
        if rendez_vous.etat == EtatRendezVous.ANNULE:
            return rendez_vous
        check_transition(rendez_vous, EtatRendezVous.ANNULE)
        _end(rendez_vous, MotifAnnulation(motif))
        _give_back(rendez_vous.creneau, rouvrir=rouvrir)
        journal.record("soins.rendez_vous_annule", rendez_vous, by=by, motif=str(motif), rouvert=rouvrir)
        tell(rendez_vous, FaitRendezVous.ANNULE, by)
        return rendez_vous


def _end(rendez_vous: RendezVous, motif: MotifAnnulation) -> None:
    rendez_vous.etat, rendez_vous.retenu_jusque = EtatRendezVous.ANNULE, None
    rendez_vous.annule_le, rendez_vous.motif_annulation, rendez_vous.prevenu_le = now(), motif, None
    rendez_vous.save(update_fields=["etat", "retenu_jusque", "annule_le", "motif_annulation", "prevenu_le"])


def _give_back(creneau: Creneau, *, rouvrir: bool) -> None:
    """The slot after one of its appointments ended: nothing changes while another stands on it, and what the
    professional withdrew is not offered again."""
    if creneau.etat not in (EtatCreneau.RESERVE, EtatCreneau.RETENU):
        return
    if RendezVous.objects.filter(creneau=creneau, etat__in=PRIS).exists():
        return
    if rouvrir and creneau.retire_le is None:
        set_creneau(creneau, EtatCreneau.LIBRE)
        follow_occupations(creneau.cpts_id, creneau.professionnel_id)
    else:
        set_creneau(creneau, EtatCreneau.RETIRE)


@transaction.atomic
def undo_cancel(*, rendez_vous: RendezVous, by: Acteur) -> RendezVous:
    """The cancellation was a mistake. Raises CreneauPris when the slot was given to somebody else meanwhile, and
    ActionRefusee when the appointment was moved or never confirmed."""
    with enter(rendez_vous.creneau):
        rendez_vous = lock_rendez_vous(rendez_vous.pk)
        if rendez_vous.etat == EtatRendezVous.CONFIRME:
            return rendez_vous
        check_transition(rendez_vous, EtatRendezVous.CONFIRME)
        if rendez_vous.confirme_le is None or rendez_vous.motif_annulation == MotifAnnulation.DEPLACE:
            raise ActionRefusee("Cette annulation ne se reprend pas\u00a0: donnez un nouveau rendez-vous.")
        _take_back(rendez_vous)
        rendez_vous.etat, rendez_vous.annule_le, rendez_vous.motif_annulation = EtatRendezVous.CONFIRME, None, ""
        rendez_vous.save(update_fields=["etat", "annule_le", "motif_annulation"])
        journal.record("soins.rendez_vous_retabli", rendez_vous, by=by)
        tell(rendez_vous, FaitRendezVous.RETABLI, by)
        return rendez_vous


def _take_back(rendez_vous: RendezVous) -> None:
    """The slot comes back to the person, even when it was closed, or has begun since. One who was added needs no place,
    but a slot on which somebody comes is not free."""
    if rendez_vous.derogation and rendez_vous.creneau.etat != EtatCreneau.LIBRE:
        return
    if rendez_vous.creneau.etat not in (EtatCreneau.LIBRE, EtatCreneau.RETIRE, EtatCreneau.OCCUPE):
        raise CreneauPris("Ce créneau a été donné à une autre personne\u00a0: donnez un nouveau rendez-vous.")
    set_creneau(rendez_vous.creneau, EtatCreneau.RESERVE)


@transaction.atomic
def move(*, rendez_vous: RendezVous, vers: UUID, by: Acteur) -> RendezVous:
    """The same person on another slot of the same community; the former one is offered again. Returns the new
    appointment; moving twice to the same slot is moving once. Raises CreneauPris as `book` does."""
    with enter(rendez_vous.creneau):
        locked = lock_creneaux({rendez_vous.creneau_id, vers})
        ancien = RendezVous.objects.select_for_update(no_key=True).get(pk=rendez_vous.pk)
        ancien.creneau = locked[ancien.creneau_id]
        deja = RendezVous.objects.filter(remplace=ancien, creneau_id=vers).first()
        if deja is not None:
            return deja
        if ancien.etat != EtatRendezVous.CONFIRME or vers == ancien.creneau_id:
            raise ActionRefusee("Ce rendez-vous ne se déplace plus\u00a0: rechargez la page.")
        if locked[vers].cpts_id != ancien.cpts_id:
            raise ActionRefusee("Ce créneau est d’une autre communauté\u00a0: donnez-y un nouveau rendez-vous.")
        _end(ancien, MotifAnnulation.DEPLACE)
        _give_back(ancien.creneau, rouvrir=True)
        tell(ancien, FaitRendezVous.ANNULE, by)
        return _follow(ancien, vers, by)


def _follow(ancien: RendezVous, vers: UUID, by: Acteur) -> RendezVous:
    """The appointment that takes the place of a moved one."""
    return take(
        vers,
        by,
        FaitRendezVous.DEPLACE,
        patient_id=ancien.patient_id,
        demande_id=ancien.demande_id,
        origine=ancien.origine,
        pris_par_id=ancien.pris_par_id,
        compte_id=ancien.compte_id,
        cle_depot=f"deplace:{ancien.pk}",
        remplace_id=ancien.pk,
    )


@transaction.atomic
def record_venue(*, rendez_vous: RendezVous, honore: bool, by: Acteur) -> RendezVous:
    """The person came, or did not. Frozen under a hash with the journal entries that prove it; saying the same again
    changes nothing. Raises ActionRefusee before the hour."""
    with enter(rendez_vous.creneau):
        rendez_vous = lock_rendez_vous(rendez_vous.pk)
        etat = EtatRendezVous.HONORE if honore else EtatRendezVous.ABSENT
        if rendez_vous.etat == etat:
            return rendez_vous
        check_transition(rendez_vous, etat)
        if now() < rendez_vous.creneau.debut - (AVANCE if honore else timedelta(0)):
            raise ActionRefusee("L’heure de ce rendez-vous n’est pas venue.")
        rendez_vous.etat, rendez_vous.constate_le = etat, now()
        journal.record(f"soins.rendez_vous_{etat.value}", rendez_vous, by=by)
        rendez_vous.empreinte = compute_empreinte(rendez_vous)
        rendez_vous.save(update_fields=["etat", "constate_le", "empreinte"])
        refresh_pilotage(rendez_vous.cpts_id)
        tell(rendez_vous, FaitRendezVous(etat.value), by)
        return rendez_vous


@transaction.atomic
def undo_venue(*, rendez_vous: RendezVous, by: Acteur) -> RendezVous:
    """Neither came nor missed any more: touched by mistake. Doing it twice is doing it once."""
    with enter(rendez_vous.creneau):
        rendez_vous = lock_rendez_vous(rendez_vous.pk)
        if rendez_vous.etat == EtatRendezVous.CONFIRME:
            return rendez_vous
        if rendez_vous.etat not in (EtatRendezVous.HONORE, EtatRendezVous.ABSENT):
            raise ActionRefusee("Ce rendez-vous n’a pas été constaté\u00a0: rechargez la page.")
        check_transition(rendez_vous, EtatRendezVous.CONFIRME)
        rendez_vous.etat, rendez_vous.constate_le, rendez_vous.empreinte = EtatRendezVous.CONFIRME, None, ""
        rendez_vous.save(update_fields=["etat", "constate_le", "empreinte"])
        journal.record("soins.rendez_vous_venue_annulee", rendez_vous, by=by)
        refresh_pilotage(rendez_vous.cpts_id)
        tell(rendez_vous, FaitRendezVous.VENUE_ANNULEE, by)
        return rendez_vous
