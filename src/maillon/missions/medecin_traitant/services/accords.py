"""The call round: people of a list taken over agree or not, and are forgotten when nobody reached them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.services import erase_patient, touch_patient
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import Accord, Action, Cloture, Etat, MoyenAccord
from ..models import ActionRefusee, Demande
from .commun import lock, plan
from .depot import create_lien_suivi, hash_code, make_code, write_code
from .suites import close_demande


@dataclass(frozen=True, slots=True)
class AccordRecueilli:
    """What is told to the person who agreed."""

    demande: Demande
    code_suivi: str
    jeton_suivi: str


def _lock_sans_accord(demande_id: UUID) -> Demande:
    demande = lock(demande_id)
    if not demande.attend_accord:
        raise ActionRefusee(
            f"La demande {demande.reference} n’attend plus d’accord : rechargez la page pour voir où elle en est."
        )
    return demande


@transaction.atomic
def record_accord(*, demande_id: UUID, moyen: MoyenAccord, notice_version: str, by: Acteur) -> AccordRecueilli:
    """The person was told what is done with their data, and agrees: who heard it, when, how, and of which notice.

    The request keeps the day when it was first made, and goes to be qualified; a follow-up code is given.
    """
    demande = _lock_sans_accord(demande_id)
    code = make_code()
    demande.accord, demande.accord_le, demande.accord_moyen = Accord.RECUEILLI, now(), moyen
    demande.accord_par_id, demande.a_effacer_le = by.membre_id, None
    demande.code_suivi = hash_code(code, cpts_id=demande.cpts_id)
    plan(demande, Action.QUALIFIER, today())
    demande.save()
    patient = demande.patient
    patient.notice_version, patient.notice_le = notice_version, now()
    patient.save(update_fields=["notice_version", "notice_le"])
    touch_patient(patient=patient)
    journal.record("medecin_traitant.accord_recueilli", demande, by=by, moyen=str(moyen), notice=notice_version)
    return AccordRecueilli(demande, write_code(code), create_lien_suivi(demande))


@transaction.atomic
def refuse_accord(*, demande_id: UUID, by: Acteur) -> None:
    """The person does not agree: the request is closed and the identity erased, at once and for good."""
    demande = _lock_sans_accord(demande_id)
    _forget(demande, Cloture.SANS_ACCORD, by=by)


@transaction.atomic
def plan_rappel(*, demande_id: UUID, le: date, by: Acteur) -> Demande:
    """Nobody answered: another day for the call, before the one on which the person is erased."""
    demande = _lock_sans_accord(demande_id)
    assert demande.a_effacer_le is not None
    if not today() < le < demande.a_effacer_le:
        raise ActionRefusee(
            f"Choisissez un jour après aujourd’hui et avant le {demande.a_effacer_le:%d/%m/%Y}, "
            "où la demande sera effacée sans accord."
        )
    plan(demande, Action.RECONTACTER, le)
    demande.save()
    journal.record("medecin_traitant.planifiee", demande, by=by, le=le.isoformat())
    return demande


def erase_sans_accord(*, cpts_id: UUID, by: Acteur = SYSTEME) -> int:
    """Those whom nobody reached in time are closed and erased, and those closed meanwhile without their agreement are
    erased; returns how many. Run every day; to be reapplied after a restore, it takes all that are overdue."""
    overdue = Demande.objects.filter(
        cpts_id=cpts_id,
        accord=Accord.A_RECUEILLIR,
        etat__in=(Etat.DEPOSEE, Etat.CLOSE),  # closed by hand, it was not forgotten
        a_effacer_le__lte=today(),
        patient__efface_le=None,
    ).order_by("pk")
    return sum(_erase(pk, by=by) for pk in list(overdue.values_list("pk", flat=True)))


@transaction.atomic
def _erase(demande_id: UUID, *, by: Acteur) -> int:
    demande = lock(demande_id)
    kept = demande.accord == Accord.A_RECUEILLIR and demande.patient.efface_le is None
    if not kept or demande.a_effacer_le is None or demande.a_effacer_le > today():
        return 0
    _forget(demande, Cloture.INJOIGNABLE, by=by)
    return 1


def _forget(demande: Demande, motif: Cloture, *, by: Acteur) -> None:
    """Close, erase who the person is, and the facts that nobody agreed to have kept."""
    if demande.is_ouverte:
        close_demande(demande_id=demande.pk, motif=motif, by=by)
    erase_patient(patient=Patient.objects.get(pk=demande.patient_id), by=by)
    Demande.objects.filter(pk=demande.pk).update(
        ald=False, c2s=False, ame=False, plus_de_70=False, priorite_niveau="normale", priorite_score=0
    )
