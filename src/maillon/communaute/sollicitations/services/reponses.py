"""The professional answers: yes (the first one wins), no with a reason, and on second thoughts."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.socle.declarations import FaitSollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..enums import EtatAppel, EtatSollicitation, MotifRetrait
from ..models import ActionRefusee, Sollicitation
from .appels import reopen
from .commun import DEJA, Prise, advance, check_ouverte, fold, retire, set_deadline, take_sollicitation

# The interface offers it for ten seconds; the rest is the time that a telephone takes.
REPENTIR = timedelta(minutes=1)


@transaction.atomic
def accept(*, sollicitation_id: UUID, by: Acteur) -> Sollicitation:
    """The professional says yes: reserved for them, and those of the wave who had not answered are taken back. Later
    waves stay planned, in case the other side says no.

    The first acceptance wins, by the lock and by a unique constraint behind it. Accepting twice is accepting once.
    Raises ActionRefusee when it is too late.
    """
    prise, sollicitation = take_sollicitation(sollicitation_id, by=by)
    if sollicitation.etat == EtatSollicitation.ACCEPTEE:
        return sollicitation
    check_ouverte(sollicitation)
    _reserve(sollicitation)
    retire(prise.rows(EtatSollicitation.ENVOYEE), MotifRetrait.AUTRE)
    fold(sollicitation)
    prise.appel.etat, prise.appel.prochaine_vague_le = EtatAppel.RESERVE, None
    prise.appel.save(update_fields=["etat", "prochaine_vague_le"])
    prise.tell(FaitSollicitation.ACCEPTEE, sollicitation)
    return sollicitation


def _reserve(sollicitation: Sollicitation) -> None:
    sollicitation.etat = EtatSollicitation.ACCEPTEE
    sollicitation.repondue_le = now()
    try:
        with transaction.atomic():
            sollicitation.save(update_fields=["etat", "repondue_le"])
    except IntegrityError as error:
        raise ActionRefusee(DEJA[EtatSollicitation.RETIREE]) from error


@transaction.atomic
def decline(*, sollicitation_id: UUID, motif: str, by: Acteur) -> Sollicitation:
    """The professional says no, with a reason of this kind of call; when nobody else of the wave may answer, the next
    one leaves. Declining twice is declining once. Raises ActionRefusee when it is too late."""
    prise, sollicitation = take_sollicitation(sollicitation_id, by=by)
    if sollicitation.etat == EtatSollicitation.REFUSEE:
        return sollicitation
    check_ouverte(sollicitation)
    if motif not in dict(prise.genre.motifs):
        raise ActionRefusee("Choisissez une raison de la liste.")
    sollicitation.etat, sollicitation.motif_refus, sollicitation.repondue_le = EtatSollicitation.REFUSEE, motif, now()
    sollicitation.save(update_fields=["etat", "motif_refus", "repondue_le"])
    fold(sollicitation)
    prise.tell(FaitSollicitation.REFUSEE, sollicitation)
    advance(prise)
    return sollicitation


@transaction.atomic
def undo_decline(*, sollicitation_id: UUID, by: Acteur) -> Sollicitation:
    """A refusal touched by mistake is taken back within a minute: the answer is awaited again until the same deadline.

    A next wave that left meanwhile stays. Raises ActionRefusee when it is too late, or the mission went on.
    """
    prise, sollicitation = take_sollicitation(sollicitation_id, by=by)
    if sollicitation.etat == EtatSollicitation.ENVOYEE:
        return sollicitation
    if not _may_undo(prise, sollicitation):
        raise ActionRefusee("Il est trop tard pour annuler ce refus\u00a0: appelez la communauté.")
    sollicitation.etat, sollicitation.motif_refus, sollicitation.repondue_le = EtatSollicitation.ENVOYEE, "", None
    try:
        with transaction.atomic():
            if prise.appel.etat == EtatAppel.EPUISE:
                reopen(prise)
            sollicitation.save(update_fields=["etat", "motif_refus", "repondue_le"])
    except IntegrityError as error:  # another round began, perhaps with the same person
        raise ActionRefusee("La demande est déjà proposée à d’autres\u00a0: appelez la communauté.") from error
    set_deadline(prise)
    prise.tell(FaitSollicitation.REPRISE, sollicitation)
    return sollicitation


def _may_undo(prise: Prise, sollicitation: Sollicitation) -> bool:
    moment = now()
    return (
        sollicitation.etat == EtatSollicitation.REFUSEE
        and prise.appel.etat in (EtatAppel.OUVERT, EtatAppel.EPUISE)
        and sollicitation.repondue_le is not None
        and sollicitation.repondue_le > moment - REPENTIR
        and sollicitation.expire_le is not None
        and sollicitation.expire_le > moment
    )


@transaction.atomic
def take_back(*, sollicitation_id: UUID, by: Acteur) -> Sollicitation:
    """The professional goes back on a yes, until the other side has answered: the next wave leaves, and they are not
    asked again for this object. Doing it twice is doing it once. Raises ActionRefusee when it is too late."""
    prise, sollicitation = take_sollicitation(sollicitation_id, by=by)
    if sollicitation.motif_retrait == MotifRetrait.DESISTEMENT:
        return sollicitation
    if sollicitation.etat != EtatSollicitation.ACCEPTEE or prise.appel.etat != EtatAppel.RESERVE:
        raise ActionRefusee("La personne a déjà répondu\u00a0: appelez la communauté pour trouver une solution.")
    retire([sollicitation], MotifRetrait.DESISTEMENT)
    reopen(prise)
    prise.tell(FaitSollicitation.DESISTEE, sollicitation)
    advance(prise)
    return sollicitation
