"""Finding a date: propose slots, gather what people say, choose."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillon.socle.courriels.services import cancel_for
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import Choix, Envoi, Etat, Reponse
from ..models import ActionRefusee, Creneau, Disponibilite, Participation, Reunion, Sondage
from .commun import check_modifiable, lock, refuse_in_french, take_back_reponses
from .envois import ask_envoi

# A first answer to the invitation, from what was said of the slot chosen.
PREMIERES_REPONSES = {Choix.OUI: Reponse.OUI, Choix.SI_BESOIN: Reponse.PEUT_ETRE, Choix.NON: Reponse.NON}


@transaction.atomic
def save_creneaux(
    *, reunion_id: UUID, creneaux: Sequence[tuple[datetime, datetime]], repondre_avant: date | None, by: Acteur
) -> Sondage:
    """Add slots to the poll of a meeting, made on the first call. Raises ActionRefusee once a date is chosen."""
    reunion = lock(reunion_id)
    check_modifiable(reunion)
    if reunion.etat != Etat.PREPARATION:
        raise ActionRefusee("Cette réunion est convoquée : sa date est choisie.")
    sondage, _ = Sondage.objects.get_or_create(cpts_id=reunion.cpts_id, reunion=reunion)
    if sondage.clos_le is not None:
        sondage.clos_le = None
        journal.record("reunions.sondage_rouvert", reunion, by=by)
    sondage.repondre_avant = repondre_avant
    sondage.save()
    if any(debut < now() for debut, _ in creneaux):
        raise ActionRefusee("Une des dates proposées est passée.")
    with refuse_in_french():
        for debut, fin in creneaux:
            Creneau.objects.create(cpts_id=reunion.cpts_id, sondage=sondage, debut=debut, fin=fin)
    journal.record("reunions.creneaux", reunion, by=by, ajoutes=len(creneaux))
    return sondage


@transaction.atomic
def remove_creneau(*, creneau_id: UUID, by: Acteur) -> None:
    """Propose a slot no more; what was said of it goes with it."""
    creneau = Creneau.objects.select_related("sondage").get(pk=creneau_id)
    reunion = lock(creneau.sondage.reunion_id)
    check_modifiable(reunion)
    creneau.delete()
    journal.record("reunions.creneaux", reunion, by=by, retires=1)


@transaction.atomic
def send_sondage(*, reunion_id: UUID, by: Acteur) -> Sondage:
    """Write to everybody on the list. Raises ActionRefusee without two slots or without anybody to ask."""
    reunion = lock(reunion_id)
    sondage = _get_open(reunion)
    if sondage.creneaux.count() < 2:
        raise ActionRefusee("Proposez au moins deux dates : avec une seule, convoquez directement.")
    if not reunion.participations.exists():
        raise ActionRefusee("Invitez d’abord des personnes : il n’y a personne à interroger.")
    sondage.envoye_le = now()
    sondage.save(update_fields=["envoye_le"])
    ask_envoi(reunion, Envoi.SONDAGE)
    journal.record("reunions.sondage_envoye", reunion, by=by)
    return sondage


@transaction.atomic
def remind_sondage(*, reunion_id: UUID, by: Acteur) -> None:
    """Write again to those who said nothing."""
    reunion = lock(reunion_id)
    sondage = _get_open(reunion)
    sondage.relance_le = now()
    sondage.save(update_fields=["relance_le"])
    ask_envoi(reunion, Envoi.RELANCE_SONDAGE)
    journal.record("reunions.sondage_relance", reunion, by=by)


def _get_open(reunion: Reunion) -> Sondage:
    sondage = Sondage.objects.filter(reunion=reunion).first()
    if sondage is None or sondage.clos_le is not None or reunion.etat != Etat.PREPARATION:
        raise ActionRefusee("Ce sondage est clos : la date est choisie.")
    return sondage


@transaction.atomic
def answer_sondage(*, participation_id: UUID, choix: Mapping[UUID, Choix], by: Acteur) -> int:
    """Say when one can come; said again, the last word counts. Slots proposed no more are ignored."""
    participation = Participation.objects.get(pk=participation_id)
    sondage = _get_open(lock(participation.reunion_id))
    known = set(sondage.creneaux.values_list("pk", flat=True))
    said = Disponibilite.objects.bulk_create(
        [
            Disponibilite(cpts_id=participation.cpts_id, creneau_id=creneau_id, participation=participation, choix=dit)
            for creneau_id, dit in choix.items()
            if creneau_id in known
        ],
        update_conflicts=True,
        unique_fields=["creneau", "participation"],
        update_fields=["choix"],
    )
    journal.record("reunions.sondage_repondu", participation, by=by, creneaux=len(said))
    return len(said)


@transaction.atomic
def choose_creneau(*, reunion_id: UUID, creneau_id: UUID, by: Acteur) -> Reunion:
    """Give the meeting the date of a slot: the poll closes, what was said becomes the first answers."""
    reunion = lock(reunion_id)
    sondage = _get_open(reunion)
    creneau = sondage.creneaux.filter(pk=creneau_id).first()
    if creneau is None:
        raise ActionRefusee("Cette date n’est plus proposée.")
    if creneau.debut < now():
        raise ActionRefusee("Cette date est passée : choisissez-en une autre, ou proposez-en de nouvelles.")
    reunion.debut, reunion.fin = creneau.debut, creneau.fin
    reunion.sequence += 1
    reunion.save(update_fields=["debut", "fin", "sequence"])
    sondage.clos_le = now()
    sondage.save(update_fields=["clos_le"])
    cancel_for(cpts_id=reunion.cpts_id, objet_id=reunion.pk)  # reminders of the poll not sent yet
    take_back_reponses(reunion)  # a first answer given for another date holds no more
    for choix, reponse in PREMIERES_REPONSES.items():
        reunion.participations.filter(disponibilites__creneau=creneau, disponibilites__choix=choix).update(
            reponse=reponse, repondu_le=now()
        )
    journal.record("reunions.date_choisie", reunion, by=by, le=creneau.debut.isoformat())
    return reunion
