"""Campaigns of the census: launch, send, remind once, call, close."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.selectors import find_courriels
from maillon.socle.courriels.services import cancel_for
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums_places import Appel, Voie
from ..models import ActionRefusee, CampagneRecensement, DestinataireQuerySet, DestinataireRecensement
from ..notifications import CourrielGuichet, RappelRecensement, RecensementPlaces, absolute
from ..selectors.recensement import list_a_interroger

LIEN_PLACES = "medecin_traitant.places"
JOURS_LIEN_APRES = 7  # a late answer is still an answer


@transaction.atomic
def launch_campagne(
    *, cpts_id: UUID, titre: str, echeance: date, rappels: Sequence[date], avec_non_membres: bool, by: Acteur
) -> CampagneRecensement:
    """Ask every doctor for their places: writes who is asked, then a job sends the first mails.

    Raises ActionRefusee when a campaign is under way, when nobody can be asked, or for dates out of order.
    """
    jours = sorted(set(rappels))
    if echeance <= today() or (jours and not today() < jours[0] <= jours[-1] <= echeance):
        raise ActionRefusee("Les rappels viennent après aujourd’hui et pas après la date limite.")
    medecins = list(list_a_interroger(cpts_id, avec_non_membres=avec_non_membres))
    if not medecins:
        raise ActionRefusee("Aucun médecin généraliste à interroger : ajoutez d’abord les membres.")
    try:
        with transaction.atomic():
            campagne = CampagneRecensement.objects.create(
                cpts_id=cpts_id, titre=titre, echeance=echeance, rappels=jours, avec_non_membres=avec_non_membres
            )
    except IntegrityError:
        raise ActionRefusee("Une campagne est déjà en cours. Closez-la avant d’en lancer une autre.") from None
    courriels = find_courriels([medecin.pk for medecin in medecins], cpts_id=cpts_id)
    DestinataireRecensement.objects.bulk_create(
        DestinataireRecensement(
            cpts_id=cpts_id, campagne=campagne, professionnel=medecin, joignable=medecin.pk in courriels
        )
        for medecin in medecins
    )
    journal.record("medecin_traitant.campagne", campagne, by=by, medecins=len(medecins), courriels=len(courriels))
    enqueue("medecin_traitant.recensement_envoyer", cpts_id=cpts_id, campagne_id=str(campagne.pk))
    return campagne


@transaction.atomic
def send_campagne(*, cpts_id: UUID, campagne_id: UUID) -> int:
    """Send the first mail to whoever has not had it nor answered; nothing is sent twice. Returns how many."""
    campagne = CampagneRecensement.objects.filter(pk=campagne_id).en_cours().first()
    if campagne is None:
        return 0
    rows = campagne.destinataires.filter(joignable=True, envoye_le=None, repondu_le=None)
    waiting = _lock(rows.sans_reponse())
    for destinataire in waiting:
        destinataire.envoye_le = now()
    DestinataireRecensement.objects.bulk_update(waiting, ["envoye_le"], batch_size=500)
    _write(campagne, waiting, RecensementPlaces, occasion="premiere")
    return len(waiting)


def remind_campagne(*, cpts_id: UUID) -> int:
    """Send the reminder of the day to those who have not answered: once each, and one only when several days were
    missed. Returns how many."""
    campagne = CampagneRecensement.objects.filter(cpts_id=cpts_id).en_cours().first()
    if campagne is None:
        return 0
    due = sum(jour <= today() for jour in campagne.rappels)
    return _remind(campagne, due) if due and today() <= campagne.echeance else 0


@transaction.atomic
def _remind(campagne: CampagneRecensement, due: int) -> int:
    rows = campagne.destinataires.filter(joignable=True, envoye_le__isnull=False, rappels_envoyes__lt=due)
    waiting = _lock(rows.sans_reponse())
    for destinataire in waiting:
        destinataire.rappels_envoyes, destinataire.rappele_le = due, now()
    DestinataireRecensement.objects.bulk_update(waiting, ["rappels_envoyes", "rappele_le"], batch_size=500)
    _write(campagne, waiting, RappelRecensement, occasion=f"rappel:{due}")
    if waiting:
        journal.record("medecin_traitant.campagne_rappel", campagne, by=SYSTEME, rang=due, medecins=len(waiting))
    return len(waiting)


def _lock(rows: DestinataireQuerySet) -> list[DestinataireRecensement]:
    return list(rows.select_for_update(of=("self",)).select_related("professionnel").order_by("pk"))


def _write(
    campagne: CampagneRecensement,
    destinataires: Sequence[DestinataireRecensement],
    courriel: type[CourrielGuichet],
    *,
    occasion: str,
) -> None:
    cpts = Cpts.objects.get(pk=campagne.cpts_id)
    adresses = find_courriels([d.professionnel_id for d in destinataires], cpts_id=campagne.cpts_id)
    limit = timezone.make_aware(datetime.combine(campagne.echeance, time(23, 59)))
    for destinataire in destinataires:
        lien = absolute("lien_places", jeton=create_lien_places(destinataire, campagne))
        message = courriel(cpts=cpts, objet_id=destinataire.pk, lien=lien, avant_le=limit)
        message.queue(to=adresses.get(destinataire.professionnel_id, ""), occasion=occasion)


def create_lien_places(destinataire: DestinataireRecensement, campagne: CampagneRecensement) -> str:
    """A doctor's own page, without account, until a week after the deadline."""
    last = datetime.combine(campagne.echeance + timedelta(days=JOURS_LIEN_APRES + 1), time.min)
    return create_lien(
        but=LIEN_PLACES, cpts_id=campagne.cpts_id, objet_id=destinataire.pk, expire_le=timezone.make_aware(last)
    )


def find_voie(by: Acteur, professionnel: Professionnel) -> Voie:
    """How this actor makes what a doctor offers known."""
    if by.genre is Genre.LIEN:
        return Voie.LIEN
    if by.genre is Genre.SYSTEME:
        return Voie.SYSTEME
    return Voie.COMPTE if by.rpps == professionnel.rpps else Voie.GUICHET


def mark_answered(*, cpts_id: UUID, professionnel: Professionnel, voie: Voie) -> None:
    """The doctor said something: the campaign under way stops asking, and what it had not sent yet is cancelled."""
    rows = DestinataireRecensement.objects.filter(
        cpts_id=cpts_id, campagne__close_le=None, professionnel=professionnel, repondu_le=None
    )
    for destinataire in rows.select_for_update(of=("self",)):
        destinataire.repondu_le, destinataire.voie = now(), voie
        destinataire.save(update_fields=["repondu_le", "voie"])
        cancel_for(cpts_id=cpts_id, objet_id=destinataire.pk)


@transaction.atomic
def record_appel_recensement(*, destinataire_id: UUID, appel: Appel, by: Acteur) -> DestinataireRecensement:
    """Note what a call gave. Who does not wish to answer is not reminded any more.

    Raises ActionRefusee when the doctor has answered, or when the campaign is closed.
    """
    found = DestinataireRecensement.objects.select_for_update(of=("self",)).select_related("campagne")
    destinataire = found.get(pk=destinataire_id)
    if destinataire.repondu_le:
        raise ActionRefusee("Ce médecin a déjà répondu : il n’y a plus à l’appeler.")
    if not destinataire.campagne.is_en_cours:
        raise ActionRefusee("Cette campagne est close.")
    destinataire.appel, destinataire.appele_le = appel, now()
    destinataire.save(update_fields=["appel", "appele_le"])
    if appel == Appel.DECLINE:
        cancel_for(cpts_id=destinataire.cpts_id, objet_id=destinataire.pk)
    journal.record("medecin_traitant.campagne_appel", destinataire, by=by, issue=appel.value)
    return destinataire


@transaction.atomic
def close_campagne(*, campagne_id: UUID, by: Acteur) -> CampagneRecensement:
    """Ask nobody any more: unsent mails are cancelled, links close. Closing twice is closing once."""
    campagne = CampagneRecensement.objects.select_for_update().get(pk=campagne_id)
    if not campagne.is_en_cours:
        return campagne
    campagne.close_le = now()
    campagne.save(update_fields=["close_le"])
    for destinataire_id in campagne.destinataires.values_list("pk", flat=True):
        cancel_for(cpts_id=campagne.cpts_id, objet_id=destinataire_id)
        revoke_liens(but=LIEN_PLACES, objet_id=destinataire_id)
    journal.record("medecin_traitant.campagne_close", campagne, by=by)
    return campagne
