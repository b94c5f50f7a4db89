"""What time does to requests: reminders, deadlines passed, owners gone. Each reminder is sent once; nobody is
forgotten."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import OUVERTS, Action, Etat, EtatProposition
from ..models import ActionRefusee, Demande, PassagePublic, Proposition
from ..notifications import RappelMedecin, RappelPatient, absolute
from ..selectors import DESK, get_courriel_medecin, get_poids
from .commun import (
    JOURS_AVANT_RAPPEL,
    back_to_rank,
    choose_responsable,
    fold,
    get_courriel_patient,
    in_days,
    lock,
    plan,
    set_priorite,
)
from .propositions import create_lien_proposition, create_lien_reponse, lock_proposition, notify_responsable


def expire_propositions(*, cpts_id: UUID, by: Acteur = SYSTEME) -> int:
    """Proposals whose deadline passed expire; a request without any left comes back to its rank. Returns how many."""
    overdue = Proposition.objects.filter(cpts_id=cpts_id, etat=EtatProposition.ENVOYEE, expire_le__lte=now())
    return sum(_expire(pk, by=by) for pk in list(overdue.order_by("expire_le").values_list("pk", flat=True)))


@transaction.atomic
def _expire(proposition_id: UUID, *, by: Acteur) -> int:
    demande, proposition = lock_proposition(proposition_id)
    if proposition.etat != EtatProposition.ENVOYEE:
        return 0
    proposition.etat = EtatProposition.EXPIREE
    proposition.save(update_fields=["etat"])
    fold(proposition)
    journal.record("medecin_traitant.expiree", demande, by=by, proposition=str(proposition.pk))
    if back_to_rank(demande):
        notify_responsable(demande, occasion=f"expiree:{proposition.pk}")
    return 1


def remind(*, cpts_id: UUID) -> int:
    """Remind doctors and patients once, two days before their deadline; after the patient's, the desk must call.

    Returns how many reminders were sent.
    """
    soon = now() + timedelta(days=JOURS_AVANT_RAPPEL)
    propositions = Proposition.objects.filter(
        cpts_id=cpts_id, etat=EtatProposition.ENVOYEE, rappelee_le=None, expire_le__gt=now(), expire_le__lte=soon
    )
    sent = sum(_remind_medecin(pk) for pk in list(propositions.values_list("pk", flat=True)))
    waiting = Demande.objects.filter(cpts_id=cpts_id, etat=Etat.ACCEPTEE, prochaine_action=Action.ATTENDRE_PATIENT)
    near = waiting.filter(rappel_patient_le=None, prochaine_date__lte=in_days(JOURS_AVANT_RAPPEL))
    sent += sum(_remind_patient(pk) for pk in list(near.values_list("pk", flat=True)))
    for pk in list(waiting.filter(prochaine_date__lt=today()).values_list("pk", flat=True)):
        _call_patient(pk)
    return sent


@transaction.atomic
def _remind_medecin(proposition_id: UUID) -> int:
    demande, proposition = lock_proposition(proposition_id)
    if proposition.etat != EtatProposition.ENVOYEE or proposition.rappelee_le:
        return 0
    proposition.rappelee_le = now()
    proposition.save(update_fields=["rappelee_le"])
    jeton = create_lien_proposition(proposition)
    RappelMedecin(
        cpts=demande.cpts,
        objet_id=proposition.pk,
        lien=absolute("lien_proposition", jeton=jeton),
        avant_le=proposition.expire_le,
    ).queue(to=get_courriel_medecin(proposition.professionnel, cpts_id=proposition.cpts_id))
    journal.record("medecin_traitant.rappel_medecin", demande, by=SYSTEME, proposition=str(proposition.pk))
    return 1


@transaction.atomic
def _remind_patient(demande_id: UUID) -> int:
    demande = lock(demande_id)
    proposition = demande.propositions.filter(etat=EtatProposition.ACCEPTEE).first()
    if demande.etat != Etat.ACCEPTEE or demande.rappel_patient_le or proposition is None:
        return 0
    demande.rappel_patient_le = now()
    demande.save(update_fields=["rappel_patient_le"])
    RappelPatient(
        cpts=demande.cpts,
        objet_id=proposition.pk,
        lien=absolute("reponse", jeton=create_lien_reponse(proposition)),
        avant_le=now() + timedelta(days=JOURS_AVANT_RAPPEL),
    ).queue(to=get_courriel_patient(demande))
    journal.record("medecin_traitant.rappel_patient", demande, by=SYSTEME)
    return 1


@transaction.atomic
def _call_patient(demande_id: UUID) -> None:
    """The patient did not answer in time: the doctor's place stays reserved, a person calls."""
    demande = lock(demande_id)
    if demande.prochaine_action != Action.ATTENDRE_PATIENT:
        return
    plan(demande, Action.RAPPELER_PATIENT, today())
    demande.save()
    journal.record("medecin_traitant.patient_a_rappeler", demande, by=SYSTEME)


def give_orphans(*, cpts_id: UUID) -> int:
    """Requests followed by somebody who left the desk get a new owner; they keep the former while nobody holds the
    desk. Returns how many.
    """
    orphans = (
        Demande.objects.suivies()
        .filter(cpts_id=cpts_id)
        .exclude(responsable__actif=True, responsable__roles__overlap=DESK)
    )
    return sum(_give(pk) for pk in list(orphans.values_list("pk", flat=True)))


@transaction.atomic
def _give(demande_id: UUID) -> int:
    demande = lock(demande_id)
    try:
        responsable = choose_responsable(demande.cpts_id)
    except ActionRefusee:
        return 0
    if responsable.pk == demande.responsable_id:
        return 0
    demande.responsable = responsable
    demande.save()
    journal.record("medecin_traitant.transmise", demande, by=SYSTEME, membre=str(responsable.pk))
    return 1


@transaction.atomic
def refresh_priorites(*, cpts_id: UUID) -> int:
    """The time waited counts: compute again the priority of open requests. Returns how many changed."""
    poids = get_poids(cpts_id, on=today())
    demandes = Demande.objects.select_for_update().filter(cpts_id=cpts_id, etat__in=OUVERTS)
    changed = [demande for demande in demandes if set_priorite(demande, poids=poids)]
    Demande.objects.bulk_update(changed, ["priorite_niveau", "priorite_score", "priorite_lignes"], batch_size=500)
    return len(changed)


def forget_passages(*, cpts_id: UUID) -> int:
    """Hashes of network addresses are kept one day."""
    return PassagePublic.objects.filter(cpts_id=cpts_id, le__lt=now() - timedelta(days=1)).delete()[0]
