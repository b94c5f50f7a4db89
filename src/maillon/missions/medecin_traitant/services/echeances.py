"""What time does to requests: reminders, owners gone. Each reminder is sent once; nobody is
forgotten."""

import json
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import OUVERTS, Action, Etat
from ..models import ActionRefusee, Demande, PassagePublic
from ..notifications import RappelPatient, absolute
from ..selectors import DESK, get_poids
from .commun import (
    JOURS_AVANT_RAPPEL,
    choose_responsable,
    get_courriel_patient,
    in_days,
    lock,
    plan,
    set_priorite,
)
from .propositions import create_lien_reponse

LOT = 1_000  # requests computed at once


def remind(*, cpts_id: UUID) -> int:
    """Remind patients once, two days before their deadline; after it, the desk must call. (Doctors are reminded by
    `sollicitations`.)

    Returns how many reminders were sent.
    """
    waiting = Demande.objects.filter(cpts_id=cpts_id, etat=Etat.ACCEPTEE, prochaine_action=Action.ATTENDRE_PATIENT)
    near = waiting.filter(rappel_patient_le=None, prochaine_date__lte=in_days(JOURS_AVANT_RAPPEL))
    sent = sum(_remind_patient(pk) for pk in list(near.values_list("pk", flat=True)))
    for pk in list(waiting.filter(prochaine_date__lt=today()).values_list("pk", flat=True)):
        _call_patient(pk)
    return sent


@transaction.atomic
def _remind_patient(demande_id: UUID) -> int:
    demande = lock(demande_id)
    acceptee = demande.sollicitations.filter(etat=EtatSollicitation.ACCEPTEE).first()
    if demande.etat != Etat.ACCEPTEE or demande.rappel_patient_le or acceptee is None:
        return 0
    demande.rappel_patient_le = now()
    demande.save(update_fields=["rappel_patient_le"])
    RappelPatient(
        cpts=demande.cpts,
        objet_id=acceptee.pk,
        lien=absolute("reponse", jeton=create_lien_reponse(acceptee)),
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
    """The time waited counts: compute again the priority of open requests. Returns how many changed.

    By batches: memory does not grow with the number of requests, and each batch is written by one statement.
    """
    poids = get_poids(cpts_id, on=today())
    demandes = Demande.objects.select_for_update(no_key=True).filter(cpts_id=cpts_id, etat__in=OUVERTS).order_by("pk")
    total = 0
    suite = demandes.iterator(chunk_size=LOT)
    while lot := list(islice(suite, LOT)):
        changed = [demande for demande in lot if set_priorite(demande, poids=poids)]
        if changed:
            _write_priorites(changed)
        total += len(changed)
    return total


def _write_priorites(demandes: list[Demande]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE medecin_traitant_demande AS demande SET priorite_niveau = calcul.niveau,"
            " priorite_score = calcul.score, priorite_lignes = calcul.lignes::jsonb"
            " FROM unnest(%s::uuid[], %s::text[], %s::smallint[], %s::text[]) AS calcul(id, niveau, score, lignes)"
            " WHERE demande.id = calcul.id",
            [
                [demande.pk for demande in demandes],
                [demande.priorite_niveau for demande in demandes],
                [demande.priorite_score for demande in demandes],
                [json.dumps(demande.priorite_lignes) for demande in demandes],
            ],
        )


def forget_passages(*, cpts_id: UUID) -> int:
    """Hashes of network addresses are kept one day."""
    return PassagePublic.objects.filter(cpts_id=cpts_id, le__lt=now() - timedelta(days=1)).delete()[0]
