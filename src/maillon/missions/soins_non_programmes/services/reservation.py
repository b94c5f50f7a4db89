"""Booking: hold, confirm, let go, and the derogation. What follows a booking is in `suites_rendez_vous`.

The caller found the slot by a selector that knows the actor. Taking a slot and confirming it are one statement each
(`migrations/reservation.sql`), which locks the professional, the slot, the appointment, then the patient, and writes
the care relation and the journal; two clients that race get one appointment and one CreneauPris.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.services import describe_acte
from maillon.socle.contexte import get_contexte
from maillon.socle.declarations import FaitRendezVous, collect
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now
from maillon.socle.identifiants import new_id
from maillon.socle.taches import do_each

from ..enums import EtatCreneau, EtatRendezVous, Origine
from ..models import ActionRefusee, Creneau, CreneauPris, DemandeSoin, Reglages, RendezVous
from ..permissions import GERER, REGULER
from .fonctions import call
from .verrous import enter, in_transaction, lock_rendez_vous, refuse_etat

PRIS_A_L_INSTANT = "Ce créneau vient d’être pris. Choisissez-en un autre."
TROP_DE_RETENUES = (
    "Donnez-en un, ou laissez-le, puis choisissez à nouveau. Un créneau qui n’est donné à personne se libère de "
    "lui-même en quelques minutes."
)
REFUS = {
    "trop_tard": "Ce créneau n’est plus retenu\u00a0: vous n’avez pas confirmé à temps. Choisissez-le à nouveau.",
    "trop": TROP_DE_RETENUES,
    "commence": "Ce créneau est déjà commencé. Choisissez-en un autre.",
    "sans_rendez_vous": "À cette heure ce professionnel reçoit sans rendez-vous\u00a0: adressez-lui la personne.",
    "autre_creneau": "Ce formulaire a déjà servi pour un autre créneau\u00a0: rechargez la page.",
    "patient_absent": "Les données de cette personne ne sont plus là\u00a0: saisissez-la à nouveau.",
    "patient_d_ailleurs": (
        "Cette personne est suivie par une autre communauté\u00a0: saisissez-la dans celle du créneau."
    ),
}
# How long a chosen slot is kept where the community has decided nothing.
RETENUE_MINUTES: int = Reglages._meta.get_field("retenue_minutes").get_default()

# How many slots one person holds at once, in one community: several calls at the desk or at the centre 15, one person
# in front of oneself elsewhere.
RETENUES_ACCUEIL, RETENUES = 10, 3


def count_retenues_max(by: Acteur) -> int:
    """How many slots this person may hold at once."""
    return RETENUES_ACCUEIL if by.can(GERER) or by.can(REGULER) else RETENUES


def tell(rendez_vous: RendezVous, quoi: FaitRendezVous, by: Acteur) -> None:
    """Those who follow appointments hear of it in this transaction."""
    for suite in collect("suites_rendez_vous"):
        suite.fait(rendez_vous, quoi, by)


def hold(*, creneau_id: UUID, by: Acteur, cle_depot: str, origine: Origine | str) -> RendezVous:
    """Keep a free slot for some minutes, time to enter the person.

    The same key on the same slot is the same hold. Raises CreneauPris when somebody was quicker, ActionRefusee when
    the slot cannot be booked any more.
    """
    return take(creneau_id, by, FaitRendezVous.RETENU, cle_depot=cle_depot, origine=str(origine))


def confirm(*, rendez_vous: RendezVous, patient: Patient, by: Acteur, demande: DemandeSoin | None = None) -> RendezVous:
    """Give a held slot to a person, and open their identity to the professional.

    Confirming twice for the same person is confirming once. Raises ActionRefusee once the hold has ended.
    """
    with in_transaction(), enter(rendez_vous):
        issue, _, fait = call(
            "maillon_soins_confirmer(%s, %s, %s, %s)",
            [rendez_vous.pk, patient.pk, demande.pk if demande else None, describe_acte(by)],
            complet=True,
        )
        if issue == "etat":
            refuse_etat(fait)
        _check(issue)
        if issue == "fait":
            tell(fait, FaitRendezVous.CONFIRME, by)
        return fait


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
    return take(
        creneau_id,
        by,
        FaitRendezVous.CONFIRME,
        cle_depot=cle_depot,
        origine=str(origine),
        patient_id=patient.pk,
        demande_id=demande.pk if demande else None,
    )


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
    return take(
        creneau_id,
        by,
        FaitRendezVous.CONFIRME,
        cle_depot=cle_depot,
        origine=str(origine),
        patient_id=patient.pk,
        demande_id=demande.pk if demande else None,
        derogation=True,
        motif_derogation=motif.strip(),
    )


def take(creneau_id: UUID, by: Acteur, quoi: FaitRendezVous, **champs: Any) -> RendezVous:
    """A slot passes from free to held (no `patient_id`) or booked, in one statement of the database; `champs` are the
    columns of the appointment. A hold whose time has passed does not stand in the way, even when the job that frees
    slots is late. Raises as `hold` does; Creneau.DoesNotExist for a slot out of sight.
    """
    with in_transaction():
        issue, liberee, fait = _take(creneau_id, by, champs)
        if issue != "ailleurs":
            return _answer(issue, liberee, fait, quoi, by)
        with enter(Creneau.objects.get(pk=creneau_id)):
            issue, liberee, fait = _take(creneau_id, by, champs)
            return _answer(issue, liberee, fait, quoi, by)


def _take(creneau_id: UUID, by: Acteur, champs: dict[str, Any]) -> tuple[str, UUID | None, RendezVous]:
    own = by.membre_id is not None and by.cpts_id == get_contexte().cpts_id
    held = "patient_id" not in champs
    voulu = {
        "id": new_id(),
        "creneau_id": creneau_id,
        "etat": EtatRendezVous.RETENU if held else EtatRendezVous.CONFIRME,
        "pris_le": now(),
        "confirme_le": None if held else now(),
        "pris_par_id": by.membre_id if own else None,
        "compte_id": None if own else by.compte_id,
        "derogation": False,
        "motif_derogation": "",
        "motif_annulation": "",
        "empreinte": "",
        **champs,
    }
    return call(
        "maillon_soins_prendre(jsonb_populate_record(NULL::soins_non_programmes_rendezvous, %s), %s, %s, %s)",
        [json.dumps(voulu, default=str), describe_acte(by), RETENUE_MINUTES, count_retenues_max(by)],
        liberee=True,
        complet=not held,
    )


def _answer(issue: str, liberee: UUID | None, fait: RendezVous, quoi: FaitRendezVous, by: Acteur) -> RendezVous:
    _check(issue)
    if liberee is not None:
        tell(RendezVous.objects.get(pk=liberee), FaitRendezVous.EXPIRE, SYSTEME)
    if issue == "fait":
        tell(fait, quoi, by)
    return fait


def _check(issue: str) -> None:
    """Raise the refusal of this outcome, if it is one."""
    if issue in ("fait", "deja"):
        return
    if issue == "pris":
        raise CreneauPris(PRIS_A_L_INSTANT)
    if issue == "inconnu":
        raise Creneau.DoesNotExist
    raise ActionRefusee(REFUS[issue])


@transaction.atomic
def release(*, rendez_vous: RendezVous, by: Acteur) -> None:
    """Let a held slot go before its time: free for the others at once. Nothing to do when it already ended."""
    with enter(rendez_vous):
        rendez_vous = lock_rendez_vous(rendez_vous.pk)
        if rendez_vous.etat == EtatRendezVous.RETENU:
            _end_hold(rendez_vous, by)


def expire_retenues(*, moment: datetime | None = None) -> int:
    """Free the slots whose hold has ended in the community under way; returns how many. One that fails does not keep
    the others."""
    due = RendezVous.objects.filter(etat=EtatRendezVous.RETENU, retenu_jusque__lte=moment or now())
    cles = due.order_by("creneau__professionnel_id", "creneau_id").values_list("pk", flat=True)
    return do_each(cles, _expire, quoi="soins.retenue")


def _expire(rendez_vous_id: UUID) -> int:
    rendez_vous = lock_rendez_vous(rendez_vous_id)
    if rendez_vous.etat != EtatRendezVous.RETENU:
        return 0
    _end_hold(rendez_vous, SYSTEME)
    return 1


def _end_hold(rendez_vous: RendezVous, by: Acteur) -> None:
    """A locked hold ends, and its slot is free again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT maillon_soins_finir_retenue(%s)", [rendez_vous.pk])
    rendez_vous.etat, rendez_vous.retenu_jusque = EtatRendezVous.EXPIRE, None
    tell(rendez_vous, FaitRendezVous.EXPIRE, by)


def set_creneau(creneau: Creneau, etat: EtatCreneau) -> None:
    """The state of a locked slot. CreneauPris when the time was given to another slot of the professional."""
    creneau.etat = etat
    try:
        with transaction.atomic():
            creneau.save(update_fields=["etat"])
    except IntegrityError as error:
        raise CreneauPris("Ce professionnel a maintenant un autre créneau à cette heure.") from error
