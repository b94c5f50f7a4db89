"""What the person of an appointment is told: given, moved, cancelled, reminded once. By SMS to a mobile number, by
mail otherwise; nothing is kept of them here, the address is read with its trace."""

from datetime import datetime, timedelta
from uuid import UUID

from maillon.communaute.patients.selectors import read_identites
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.courriels.services import Courriel, cancel_for
from maillon.socle.courriels.sms import is_offered, parse_mobile
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import FaitRendezVous
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now
from maillon.socle.taches import do_each, enqueue

from ..enums import EtatRendezVous, MotifAnnulation
from ..models import RendezVous
from ..notifications import (
    AuPatient,
    RappelRendezVous,
    RendezVousAnnule,
    RendezVousDonne,
    SmsAnnule,
    SmsDonne,
    SmsRappel,
    absolute,
)
from ..selectors.reglages import find_midnight, get_reglages, get_zone
from .verrous import enter, lock_rendez_vous

# Between these hours of the community's clock people are reminded.
JOURNEE = range(8, 21)
# Whoever took it less long ago remembers.
RECENT = timedelta(hours=1)
LIEN_RENDEZ_VOUS = "soins.rendez_vous"
DONNE: tuple[type[Courriel], type[Courriel]] = (SmsDonne, RendezVousDonne)
RAPPEL: tuple[type[Courriel], type[Courriel]] = (SmsRappel, RappelRendezVous)
ANNULE: tuple[type[Courriel], type[Courriel]] = (SmsAnnule, RendezVousAnnule)
# Nobody needs telling again what they did themselves, or what was typed by mistake.
MUETS = (MotifAnnulation.PATIENT, MotifAnnulation.DEPLACE)

# The person still needs somebody: their request is sought again.
A_RECHERCHER = (MotifAnnulation.PROFESSIONNEL, MotifAnnulation.ERREUR)


def follow_rendez_vous(rendez_vous: RendezVous, quoi: FaitRendezVous, by: Acteur) -> None:
    """Tell the person; what was not sent yet about what no longer is, is not sent."""
    if quoi in (FaitRendezVous.CONFIRME, FaitRendezVous.DEPLACE, FaitRendezVous.RETABLI):
        occasion = "" if quoi is not FaitRendezVous.RETABLI else f"{now():%Y%m%d%H%M%S}"
        _tell(rendez_vous, DONNE, occasion=occasion)
    elif quoi is FaitRendezVous.ANNULE:
        _forget(rendez_vous)
        confirmed = rendez_vous.confirme_le is not None and rendez_vous.creneau.debut > now()
        if confirmed and rendez_vous.motif_annulation not in MUETS and by.genre is not Genre.LIEN:
            _tell(rendez_vous, ANNULE, occasion=f"{now():%Y%m%d%H%M%S}")
        if rendez_vous.demande_id and rendez_vous.motif_annulation in A_RECHERCHER:
            # In a job of its own: the request is always locked before the professional's time.
            enqueue("soins.rechercher", cpts_id=rendez_vous.cpts_id, demande_id=str(rendez_vous.demande_id))


def is_prevenue(rendez_vous: RendezVous, *, annule: bool = False) -> bool:
    """Whether a message to the person says this appointment, or that it is cancelled; false when they left neither a
    mobile number nor an address, and somebody must call them."""
    with enter(rendez_vous.creneau):
        told = Message.objects.filter(cpts_id=rendez_vous.cpts_id, objet_id=rendez_vous.pk).exclude(etat=Etat.ANNULE)
        return told.filter(gabarit__in=[kind.gabarit for kind in (ANNULE if annule else DONNE)]).exists()


def _forget(rendez_vous: RendezVous) -> None:
    cancel_for(cpts_id=rendez_vous.cpts_id, objet_id=rendez_vous.pk)
    revoke_liens(but=LIEN_RENDEZ_VOUS, objet_id=rendez_vous.pk)


def _tell(rendez_vous: RendezVous, gabarits: tuple[type[Courriel], type[Courriel]], *, occasion: str = "") -> None:
    """One message, by the way that reaches this person; none when they left no address."""
    if rendez_vous.patient_id is None:
        return
    found = read_identites(
        [rendez_vous.patient_id], quoi="telephone", pourquoi="prévenir du rendez-vous", by=SYSTEME
    ).get(rendez_vous.patient_id)
    if found is None:
        return
    sms, courriel = gabarits
    by_sms = is_offered() and parse_mobile(found.telephone)
    to = found.telephone if by_sms else found.courriel
    if not to:
        return
    kind = sms if by_sms else courriel
    assert issubclass(kind, AuPatient)
    lien = "" if gabarits is ANNULE else url_lien(rendez_vous)
    kind(rendez_vous_id=rendez_vous.pk, creneau=rendez_vous.creneau, lien=lien).queue(to=to, occasion=occasion)


def url_lien(rendez_vous: RendezVous) -> str:
    """The link by which the person reads and cancels it, until its hour."""
    jeton = create_lien(
        but=LIEN_RENDEZ_VOUS,
        cpts_id=rendez_vous.cpts_id,
        objet_id=rendez_vous.pk,
        expire_le=rendez_vous.creneau.fin,
    )
    return absolute("lien_rendez_vous", jeton)


def remind_rendez_vous(*, cpts: Cpts) -> int:
    """Remind, once, those whose appointment comes near and who took it before that; returns how many. Nobody is woken:
    the last hour of the evening reminds of the morning."""
    ahead = timedelta(hours=get_reglages(cpts.pk).rappel_heures)
    until = find_horizon(cpts, ahead)
    if until is None:
        return 0
    near = RendezVous.objects.filter(
        cpts_id=cpts.pk,
        etat=EtatRendezVous.CONFIRME,
        rappele_le=None,
        creneau__debut__gt=now(),
        creneau__debut__lte=until,
    ).order_by("creneau__professionnel_id", "creneau_id")
    keys = list(near.values_list("pk", flat=True))
    return do_each(keys, lambda pk: _remind(pk, ahead), quoi="reminding of the appointment")


def find_horizon(cpts: Cpts, ahead: timedelta) -> datetime | None:
    """Up to which hour people are reminded now; None at night."""
    local = now().astimezone(get_zone(cpts))
    if local.hour not in JOURNEE:
        return None
    if local.hour < JOURNEE[-1]:
        return now() + ahead
    return find_midnight(local.date() + timedelta(days=1), cpts) + timedelta(hours=JOURNEE[0]) + ahead


def _remind(rendez_vous_id: UUID, ahead: timedelta) -> int:
    rendez_vous = lock_rendez_vous(rendez_vous_id)
    if rendez_vous.etat != EtatRendezVous.CONFIRME or rendez_vous.rappele_le is not None:
        return 0
    rendez_vous.rappele_le = now()
    rendez_vous.save(update_fields=["rappele_le"])
    given = rendez_vous.confirme_le
    if given is None or given >= min(rendez_vous.creneau.debut - ahead, now() - RECENT):
        return 0
    _tell(rendez_vous, RAPPEL)
    return 1
