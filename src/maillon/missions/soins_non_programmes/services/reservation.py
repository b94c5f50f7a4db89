"""Booking: hold, confirm, let go, and the derogation. What follows a booking is in `suites_rendez_vous`.

The caller found the slot by a selector that knows the actor. Each service is one transaction that locks the
professional, the slot, the appointment, then the patient; two clients that race get one appointment and one
CreneauPris.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.services import open_relation, touch_patient
from maillon.socle.declarations import FaitRendezVous, collect
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import PRIS, EtatCreneau, EtatRendezVous, Origine
from ..models import ActionRefusee, Creneau, CreneauPris, DemandeSoin, Reglages, RendezVous
from .verrous import check_transition, enter, lock_creneau, lock_rendez_vous

PRIS_A_L_INSTANT = "Ce créneau vient d’être pris. Choisissez-en un autre."
TROP_TARD = "Ce créneau n’est plus retenu\u00a0: vous n’avez pas confirmé à temps. Choisissez-le à nouveau."
COMMENCE = "Ce créneau est déjà commencé. Choisissez-en un autre."
SANS_RENDEZ_VOUS = "À cette heure ce professionnel reçoit sans rendez-vous\u00a0: adressez-lui la personne."
AUTRE_CRENEAU = "Ce formulaire a déjà servi pour un autre créneau\u00a0: rechargez la page."
PATIENT_ABSENT = "Les données de cette personne ne sont plus là\u00a0: saisissez-la à nouveau."
PATIENT_D_AILLEURS = "Cette personne est suivie par une autre communauté\u00a0: saisissez-la dans celle du créneau."


def tell(rendez_vous: RendezVous, quoi: FaitRendezVous, by: Acteur) -> None:
    """Those who follow appointments hear of it in this transaction."""
    for suite in collect("suites_rendez_vous"):
        suite.fait(rendez_vous, quoi, by)


def get_retenue(cpts_id: UUID) -> timedelta:
    """How long this community keeps a chosen slot."""
    minutes = Reglages.objects.filter(cpts_id=cpts_id).values_list("retenue_minutes", flat=True).first()
    return timedelta(minutes=minutes or Reglages._meta.get_field("retenue_minutes").get_default())


@transaction.atomic
def hold(*, creneau_id: UUID, by: Acteur, cle_depot: str, origine: Origine | str) -> RendezVous:
    """Keep a free slot for some minutes, time to enter the person.

    The same key on the same slot is the same hold. Raises CreneauPris when somebody was quicker, ActionRefusee when
    the slot cannot be booked any more.
    """
    seen = Creneau.objects.get(pk=creneau_id)
    with enter(seen):
        creneau = lock_creneau(creneau_id)
        if (known := _find_depot(creneau, cle_depot)) is not None:
            return known
        take_libre(creneau, EtatCreneau.RETENU)
        rendez_vous = _write(
            creneau, by, cle_depot=cle_depot, origine=origine, retenu_jusque=now() + get_retenue(creneau.cpts_id)
        )
        tell(rendez_vous, FaitRendezVous.RETENU, by)
        return rendez_vous


@transaction.atomic
def confirm(*, rendez_vous: RendezVous, patient: Patient, by: Acteur, demande: DemandeSoin | None = None) -> RendezVous:
    """Give a held slot to a person, and open their identity to the professional.

    Confirming twice for the same person is confirming once. Raises ActionRefusee once the hold has ended.
    """
    with enter(rendez_vous.creneau):
        rendez_vous = lock_rendez_vous(rendez_vous.pk)
        if rendez_vous.etat == EtatRendezVous.CONFIRME and rendez_vous.patient_id == patient.pk:
            return rendez_vous
        if rendez_vous.etat == EtatRendezVous.EXPIRE:
            raise ActionRefusee(TROP_TARD)
        check_transition(rendez_vous, EtatRendezVous.CONFIRME)
        rendez_vous.etat, rendez_vous.retenu_jusque = EtatRendezVous.CONFIRME, None
        rendez_vous.confirme_le, rendez_vous.patient, rendez_vous.demande = now(), patient, demande
        rendez_vous.save(update_fields=["etat", "retenu_jusque", "confirme_le", "patient", "demande"])
        set_creneau(rendez_vous.creneau, EtatCreneau.RESERVE)
        return _conclude(rendez_vous, by)


@transaction.atomic
def book(
    *,
    creneau_id: UUID,
    patient: Patient,
    by: Acteur,
    cle_depot: str,
    origine: Origine | str,
    demande: DemandeSoin | None = None,
) -> RendezVous:
    """Give a free slot to a person at once. Same refusals, same idempotence by the key as `hold`."""
    seen = Creneau.objects.get(pk=creneau_id)
    with enter(seen):
        creneau = lock_creneau(creneau_id)
        if (known := _find_depot(creneau, cle_depot)) is not None:
            return known
        take_libre(creneau, EtatCreneau.RESERVE)
        rendez_vous = _write(creneau, by, cle_depot=cle_depot, origine=origine, patient=patient, demande=demande)
        return _conclude(rendez_vous, by)


@transaction.atomic
def override(
    *,
    creneau_id: UUID,
    patient: Patient,
    motif: str,
    by: Acteur,
    cle_depot: str,
    origine: Origine | str,
    demande: DemandeSoin | None = None,
) -> RendezVous:
    """Add a person on a slot that is taken, closed or begun, because the professional agreed; the reason is kept, and
    the journal says who decided so."""
    if not motif.strip():
        raise ActionRefusee("Dites pourquoi\u00a0: cette dérogation est gardée dans le journal.")
    seen = Creneau.objects.get(pk=creneau_id)
    with enter(seen):
        creneau = lock_creneau(creneau_id)
        if (known := _find_depot(creneau, cle_depot)) is not None:
            return known
        avant = creneau.etat
        if avant == EtatCreneau.LIBRE:
            set_creneau(creneau, EtatCreneau.RESERVE)
        rendez_vous = _write(
            creneau,
            by,
            cle_depot=cle_depot,
            origine=origine,
            patient=patient,
            demande=demande,
            derogation=True,
            motif_derogation=motif.strip(),
        )
        journal.record("soins.rendez_vous_derogation", rendez_vous, by=by, creneau=str(creneau.pk), etat=avant)
        return _conclude(rendez_vous, by)


@transaction.atomic
def release(*, rendez_vous: RendezVous, by: Acteur) -> None:
    """Let a held slot go before its time: free for the others at once. Nothing to do when it already ended."""
    with enter(rendez_vous.creneau):
        rendez_vous = lock_rendez_vous(rendez_vous.pk)
        if rendez_vous.etat == EtatRendezVous.RETENU:
            _end_hold(rendez_vous, by)


def expire_retenues(*, moment: datetime | None = None) -> int:
    """Free the slots whose hold has ended in the community under way; returns how many. Each in its own savepoint."""
    due = RendezVous.objects.filter(etat=EtatRendezVous.RETENU, retenu_jusque__lte=moment or now())
    ended = 0
    for pk in due.order_by("creneau__professionnel_id", "creneau_id").values_list("pk", flat=True):
        with transaction.atomic():
            rendez_vous = lock_rendez_vous(pk)
            if rendez_vous.etat == EtatRendezVous.RETENU:
                _end_hold(rendez_vous, SYSTEME)
                ended += 1
    return ended


def _end_hold(rendez_vous: RendezVous, by: Acteur) -> None:
    rendez_vous.etat, rendez_vous.retenu_jusque = EtatRendezVous.EXPIRE, None
    rendez_vous.save(update_fields=["etat", "retenu_jusque"])
    if rendez_vous.creneau.etat == EtatCreneau.RETENU:
        set_creneau(rendez_vous.creneau, EtatCreneau.LIBRE)
    tell(rendez_vous, FaitRendezVous.EXPIRE, by)


def set_creneau(creneau: Creneau, etat: EtatCreneau) -> None:
    """The state of a locked slot. CreneauPris when the time was given to another slot of the professional."""
    creneau.etat = etat
    try:
        with transaction.atomic():
            creneau.save(update_fields=["etat"])
    except IntegrityError as error:
        raise CreneauPris("Ce professionnel a maintenant un autre créneau à cette heure.") from error


def take_libre(creneau: Creneau, etat: EtatCreneau) -> None:
    """A locked slot passes from free to held or booked. A hold whose time has passed does not stand in the way, even
    when the job that frees slots is late."""
    if creneau.debut <= now():
        raise ActionRefusee(COMMENCE)
    if not creneau.reservable:
        raise ActionRefusee(SANS_RENDEZ_VOUS)
    if creneau.etat == EtatCreneau.RETENU:
        late = RendezVous.objects.filter(creneau=creneau, etat=EtatRendezVous.RETENU, retenu_jusque__lte=now()).first()
        if late is not None:
            late.creneau = creneau
            _end_hold(late, SYSTEME)
    if creneau.etat != EtatCreneau.LIBRE:
        raise CreneauPris(PRIS_A_L_INSTANT)
    creneau.etat = etat
    creneau.save(update_fields=["etat"])


def _find_depot(creneau: Creneau, cle_depot: str) -> RendezVous | None:
    """The appointment that this key already made here: a form posted twice. ActionRefusee when it served elsewhere."""
    known = RendezVous.objects.filter(cpts_id=creneau.cpts_id, cle_depot=cle_depot).first()
    if known is None:
        return None
    if known.creneau_id != creneau.pk:
        raise ActionRefusee(AUTRE_CRENEAU)
    if known.etat not in PRIS:
        raise ActionRefusee(TROP_TARD)
    known.creneau = creneau
    return known


def _write(creneau: Creneau, by: Acteur, **fields: object) -> RendezVous:
    """The row of an appointment: held when it has `retenu_jusque`, confirmed otherwise."""
    held = "retenu_jusque" in fields
    own = by.membre_id is not None and by.cpts_id == creneau.cpts_id
    try:
        with transaction.atomic():
            return RendezVous.objects.create(
                cpts_id=creneau.cpts_id,
                creneau=creneau,
                etat=EtatRendezVous.RETENU if held else EtatRendezVous.CONFIRME,
                confirme_le=None if held else now(),
                pris_par_id=by.membre_id if own else None,
                compte_id=None if own else by.compte_id,
                **fields,
            )
    except IntegrityError as error:
        raise CreneauPris(PRIS_A_L_INSTANT) from error


def open_identite(rendez_vous: RendezVous, by: Acteur) -> None:
    """The person, who must be there still and of this community, is known to the professional who receives them."""
    creneau = rendez_vous.creneau
    assert rendez_vous.patient_id is not None
    present = Patient.objects.select_for_update(no_key=True).present().filter(pk=rendez_vous.patient_id).first()
    if present is None:
        raise ActionRefusee(PATIENT_ABSENT)
    if present.cpts_id != creneau.cpts_id:
        raise ActionRefusee(PATIENT_D_AILLEURS)
    touch_patient(patient=present)
    open_relation(patient=present, rpps=creneau.professionnel.rpps, motif="rendez-vous", by=by)


def _conclude(rendez_vous: RendezVous, by: Acteur) -> RendezVous:
    """The identity opens to the professional, the journal has it, others hear of it."""
    creneau_id = rendez_vous.creneau_id
    open_identite(rendez_vous, by)
    journal.record("soins.rendez_vous_pris", rendez_vous, by=by, creneau=str(creneau_id), origine=rendez_vous.origine)
    tell(rendez_vous, FaitRendezVous.CONFIRME, by)
    return rendez_vous
