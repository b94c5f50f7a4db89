"""A request gets its appointment: on a free slot that somebody found, or at the hour that who accepted says."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.enums import MotifRetrait
from maillon.regles.horaires import Moment, classify
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import revoke_liens
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import SANS_REPONSE, Audience, EtatCreneau, EtatDemande, Horaire, Origine, Reponse
from ..models import GENRE, ActionRefusee, Creneau, DemandeSoin, LieuConsultation, RendezVous
from ..selectors.reglages import get_zone, list_feries
from .acceptations import LIEN_HEURE, end_acceptance
from .demandes import lock_demande
from .reponses import finish
from .reservation import book, confirm
from .verrous import lock_professionnels

DUREE = timedelta(minutes=20)
PAS = timedelta(minutes=5)
AVENIR = timedelta(days=3)
DEJA_PRIS = "Vous avez déjà quelqu’un à cette heure. Choisissez-en une autre."


def check_cherche(demande: DemandeSoin) -> None:
    """ActionRefusee once the request has its answer."""
    if demande.etat not in SANS_REPONSE:
        raise ActionRefusee(f"La demande {demande.reference} a déjà sa réponse\u00a0: rechargez la page.")


@transaction.atomic
def book_demande(*, demande_id: UUID, creneau_id: UUID, by: Acteur, cle_depot: str, origine: Origine) -> RendezVous:
    """Give a free slot to the person of a request. Same refusals as `book`; ActionRefusee when it has its answer."""
    demande = lock_demande(demande_id)
    check_cherche(demande)
    rendez_vous = book(
        creneau_id=creneau_id, patient=demande.patient, by=by, cle_depot=cle_depot, origine=origine, demande=demande
    )
    fulfil(demande, rendez_vous, by=by)
    return rendez_vous


@transaction.atomic
def confirm_demande(*, demande_id: UUID, rendez_vous: RendezVous, by: Acteur) -> RendezVous:
    """The same, on a slot already held."""
    demande = lock_demande(demande_id)
    check_cherche(demande)
    confirmed = confirm(rendez_vous=rendez_vous, patient=demande.patient, by=by, demande=demande)
    fulfil(demande, confirmed, by=by)
    return confirmed


def fulfil(demande: DemandeSoin, rendez_vous: RendezVous, *, by: Acteur) -> None:
    """The request has its appointment: whoever else was asked is released. Locked by the caller."""
    if demande.accepte_par_id == rendez_vous.creneau.professionnel_id:
        sollicitations.settle(genre=GENRE, objet=demande, by=by)
    else:
        sollicitations.close_appel(genre=GENRE, objet=demande, motif=MotifRetrait.CLOTURE, by=by)
        end_acceptance(demande, by)
    revoke_liens(but=LIEN_HEURE, objet_id=demande.pk)
    finish(demande, EtatDemande.POURVUE, Reponse.RENDEZ_VOUS, by=by)


def next_moment() -> datetime:
    """« Now »: the next five minutes."""
    base = now().replace(second=0, microsecond=0) + PAS
    return base + timedelta(minutes=(-base.minute) % 5)


@transaction.atomic
def give_heure(
    *, demande_id: UUID, lieu: LieuConsultation, debut: datetime | None, by: Acteur, duree: timedelta = DUREE
) -> RendezVous:
    """Who accepted says the hour (None: now): a slot of theirs is made there, in the place of those still free, and
    given to the person. Saying it twice is saying it once.

    Raises ActionRefusee when they have somebody at that hour, or the request is no longer theirs.
    """
    demande = lock_demande(demande_id)
    professionnel = demande.accepte_par
    if demande.etat == EtatDemande.POURVUE and professionnel is not None:
        known = demande.rendez_vous.filter(creneau__professionnel=professionnel).pris().first()
        if known is not None:
            return known
    check_cherche(demande)
    if professionnel is None or lieu.professionnel_id != professionnel.pk:
        raise ActionRefusee("Cette demande n’est plus à vous\u00a0: appelez la communauté.")
    start = debut or next_moment()
    if not now() < start <= now() + AVENIR:
        raise ActionRefusee("Donnez une heure à venir, dans les trois jours.")
    creneau = _open_at(demande, lieu, start, duree, by=by)
    rendez_vous = book(
        creneau_id=creneau.pk,
        patient=demande.patient,
        by=by,
        cle_depot=f"demande:{creneau.pk}",
        origine=Origine.PROFESSIONNEL,
        demande=demande,
    )
    fulfil(demande, rendez_vous, by=by)
    return rendez_vous


def _open_at(demande: DemandeSoin, lieu: LieuConsultation, start: datetime, duree: timedelta, *, by: Acteur) -> Creneau:
    """A slot for this person alone. The professional's own free slots give way; anything given to somebody does not."""
    professionnel = lieu.professionnel
    lock_professionnels([professionnel.pk])
    end = start + duree
    there = Creneau.objects.select_for_update(no_key=True).filter(
        professionnel=professionnel, debut__lt=end, fin__gt=start
    )
    overlapping = list(there.filter(etat__in=(EtatCreneau.LIBRE, EtatCreneau.RETENU, EtatCreneau.RESERVE)))
    if any(creneau.etat != EtatCreneau.LIBRE for creneau in overlapping):
        raise ActionRefusee(DEJA_PRIS)
    for creneau in overlapping:
        creneau.etat = EtatCreneau.RETIRE
        creneau.save(update_fields=["etat"])
    made = Creneau(
        cpts_id=demande.cpts_id,
        professionnel=professionnel,
        lieu=lieu,
        debut=start,
        fin=end,
        profession=professionnel.profession,
        specialite=min(professionnel.savoir_faire, default=""),
        commune=lieu.commune_id,
        zone=lieu.commune.departement,
        modalite=demande.modalite,
        audiences=[Audience.CPTS],
        horaire=_classify(demande, start, end),
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:  # a slot of another community, which nobody sees here
        raise ActionRefusee(DEJA_PRIS) from error
    journal.record("soins.creneau_ouvert", made, by=by, demande=str(demande.pk), cpts_id=demande.cpts_id)
    return made


def _classify(demande: DemandeSoin, start: datetime, end: datetime) -> Horaire:
    """Whether these hours count for the mission. A person who needs care is received at any hour."""
    jour = start.astimezone(get_zone(demande.cpts)).date()
    feries = list_feries(demande.cpts, jour, jour + timedelta(days=1))
    return Horaire(classify(Moment(start, end), feries, demande.cpts.fuseau).value)
