"""Delivery in three short steps: claim, talk without any transaction, record the outcome.

What is sent is made of the booking as it stands, under our own identifier. After an attempt without an answer the next
one is a conditional update, which creates what is not there: late, repeated and lost attempts end in the same state.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from maillon.missions.soins_non_programmes.models import RendezVous
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now
from maillon.socle.taches import enqueue

from .enums import EtatEnvoi
from .fhir.rendez_vous import STATUTS, FaitsRendezVous, build_appointment
from .models import EnvoiSas
from .plateforme import EnvoiImpossible, EnvoiSansReponse, Reponse, send_appointment
from .selectors import find_operateur
from .services.envois import TACHE

# Waiting times after each attempt that came to nothing, in minutes: eight attempts in a day and a half.
REPRISES = (1, 5, 15, 60, 180, 720, 1440)
# Beyond this a conversation is over and its worker dead.
ABANDON = timedelta(minutes=10)
# The platform is busy or unwell; another attempt may do.
PASSAGERS = {408, 425, 429}
# The platform says that it does not know the booking.
INCONNU = {404, 410, 412}


@dataclass(frozen=True, slots=True)
class _Pris:
    pk: UUID
    identifiant: str
    statut: str
    version: int
    tentatives: int
    connu: bool
    doute: bool
    resource: dict[str, Any]


def deliver(*, cpts_id: UUID, envoi_id: str) -> EtatEnvoi | None:
    """Tell the SAS of one booking, once; its state afterwards, None when there was nothing to tell.

    Call it outside any transaction.
    """
    taken = _claim(cpts_id, envoi_id)
    if taken is None:
        return None
    try:
        reponse = _talk(taken)
    except EnvoiImpossible as error:
        return _record_failure(cpts_id, taken, str(error), doute=taken.doute)
    except EnvoiSansReponse as error:
        return _record_failure(cpts_id, taken, str(error), doute=True)
    if 200 <= reponse.status < 300:
        return _record_success(cpts_id, taken)
    text = f"réponse {reponse.status}{f' : {reponse.texte}' if reponse.texte else ''}"
    if reponse.status >= 500 or reponse.status in PASSAGERS:
        return _record_failure(cpts_id, taken, text, doute=taken.doute)
    return _record(cpts_id, taken, etat=EtatEnvoi.REFUSE, erreur=text)


def _talk(taken: _Pris) -> Reponse:
    """Create or update. What the platform says that it does not know, although it was told, is created."""
    reponse = send_appointment(taken.resource, identifiant=taken.identifiant, connu=taken.connu or taken.doute)
    if reponse.status in INCONNU and (taken.connu or taken.doute):
        return send_appointment(taken.resource, identifiant=taken.identifiant, connu=False)
    return reponse


def _claim(cpts_id: UUID, envoi_id: str) -> _Pris | None:
    with use_cpts(cpts_id):
        rows = EnvoiSas.objects.select_for_update(skip_locked=True, of=("self",)).select_related("cpts")
        envoi = rows.filter(pk=envoi_id, etat=EtatEnvoi.A_ENVOYER).first()
        if envoi is None:
            return None
        # After the lock: a row joined to one that changes meanwhile is that of before, under the number of the new one.
        booking = RendezVous.objects.select_related("creneau__professionnel").get(pk=envoi.rendez_vous_id)
        slot = booking.creneau
        operateur = find_operateur(booking)
        statut = STATUTS[booking.etat]
        untold = not envoi.version_connue and not envoi.doute
        if operateur is None or (statut == "cancelled" and untold):
            # Given and cancelled before the SAS heard of it.
            envoi.etat = EtatEnvoi.SANS_OBJET
            envoi.save(update_fields=["etat"])
            return None
        envoi.etat, envoi.pris_le, envoi.tentatives = EtatEnvoi.EN_COURS, now(), envoi.tentatives + 1
        envoi.save(update_fields=["etat", "pris_le", "tentatives"])
        faits = FaitsRendezVous(
            settings.MAILLON_SAS_OID, str(envoi.identifiant), statut, slot.debut, slot.fin, booking.pris_le,
            envoi.cpts.fuseau, slot.professionnel.rpps, operateur,
        )  # fmt: skip
        return _Pris(
            envoi.pk, str(envoi.identifiant), statut, envoi.version, envoi.tentatives, envoi.version_connue > 0,
            envoi.doute, build_appointment(faits),
        )  # fmt: skip


def _record_success(cpts_id: UUID, taken: _Pris) -> EtatEnvoi | None:
    values: dict[str, Any] = {"version_connue": taken.version, "statut": taken.statut, "doute": False}
    return _record(cpts_id, taken, etat=EtatEnvoi.ENVOYE, erreur="", envoye_le=now(), **values)


def _record_failure(cpts_id: UUID, taken: _Pris, erreur: str, *, doute: bool) -> EtatEnvoi | None:
    """Try again later; after the last attempt, refused or uncertain, and shown."""
    if taken.tentatives <= len(REPRISES):
        minutes = REPRISES[taken.tentatives - 1]
        return _record(cpts_id, taken, etat=EtatEnvoi.A_ENVOYER, erreur=erreur, doute=doute, minutes=minutes)
    last = EtatEnvoi.INCERTAIN if doute else EtatEnvoi.REFUSE
    return _record(cpts_id, taken, etat=last, erreur=erreur, doute=doute)


def _record(
    cpts_id: UUID, taken: _Pris, *, etat: EtatEnvoi, erreur: str, minutes: int = 0, **values: Any
) -> EtatEnvoi | None:
    """Write the outcome, unless the claim was given up meanwhile. A booking that changed meanwhile leaves again."""
    with use_cpts(cpts_id):
        envoi = EnvoiSas.objects.select_for_update().get(pk=taken.pk)
        if envoi.etat != EtatEnvoi.EN_COURS or envoi.tentatives != taken.tentatives:
            return None
        if envoi.version != taken.version:
            etat, minutes, erreur = EtatEnvoi.A_ENVOYER, 0, ""
            values["tentatives"] = 0
        next_try = now() + timedelta(minutes=minutes) if minutes else None
        written = {**values, "etat": etat, "erreur": erreur[:300], "pris_le": None, "prochain_essai_le": next_try}
        EnvoiSas.objects.filter(pk=envoi.pk).update(**written)
        if etat is EtatEnvoi.A_ENVOYER:
            enqueue(TACHE, cpts_id=cpts_id, envoi_id=str(envoi.pk), delay_seconds=60 * minutes)
    return etat


def review(*, cpts_id: UUID) -> dict[str, int]:
    """What no worker finishes: claims whose worker died leave again, as updates, and so do rows whose job was lost."""
    moment = now()
    own = EnvoiSas.objects.filter(cpts_id=cpts_id)
    given_up = own.filter(etat=EtatEnvoi.EN_COURS, pris_le__lt=moment - ABANDON).update(
        etat=EtatEnvoi.A_ENVOYER, doute=True, erreur="l’envoi a été interrompu", pris_le=None, prochain_essai_le=moment
    )
    waiting = own.filter(etat=EtatEnvoi.A_ENVOYER).filter(
        Q(prochain_essai_le__lte=moment) | Q(prochain_essai_le__isnull=True, cree_le__lt=moment - ABANDON)
    )
    requeued = 0
    for pk in waiting.values_list("pk", flat=True):
        enqueue(TACHE, cpts_id=cpts_id, envoi_id=str(pk), once=f"{TACHE}:{pk}")
        requeued += 1
    return {"interrompus": given_up, "repris": requeued}
