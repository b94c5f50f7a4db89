"""The professional answers: yes (the first one wins), no with a reason, and on second thoughts; who manages the call
undoes an answer recorded by mistake."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.socle.declarations import FaitSollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import ACTIVES, EtatAppel, EtatSollicitation, MotifRetrait
from ..models import ActionRefusee, Appel, Sollicitation
from ..selectors import find_courriels
from .appels import reopen
from .commun import (
    DEJA,
    Prise,
    advance,
    check_ouverte,
    find_rappel,
    fold,
    retire,
    set_deadline,
    take_sollicitation,
    write,
)

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
    _await_again(prise, sollicitation)
    set_deadline(prise)
    prise.tell(FaitSollicitation.REPRISE, sollicitation)
    return sollicitation


def _await_again(prise: Prise, sollicitation: Sollicitation) -> None:
    """No answer any more; a deadline that passed meanwhile starts afresh."""
    sollicitation.etat, sollicitation.motif_refus, sollicitation.motif_retrait = EtatSollicitation.ENVOYEE, "", ""
    sollicitation.repondue_le = None
    if sollicitation.expire_le is None or sollicitation.expire_le <= now():
        sollicitation.expire_le, sollicitation.rappelee_le = now() + prise.appel.delai, None
        sollicitation.a_rappeler_le = find_rappel(prise, sollicitation)
    try:
        with transaction.atomic():
            if prise.appel.etat != EtatAppel.OUVERT:
                reopen(prise)
            sollicitation.save()
    except IntegrityError as error:  # another round began, perhaps with the same person
        raise ActionRefusee("La demande est déjà proposée à d’autres\u00a0: appelez la communauté.") from error


@transaction.atomic
def undo_answer(*, sollicitation_id: UUID, by: Acteur) -> Sollicitation:
    """An answer was recorded by mistake: it is awaited again, and a fresh link is mailed. After a yes, those of the
    call who were no longer asked because of it, and whose deadline has not passed, are asked again too.

    Doing it twice is doing it once. Raises ActionRefusee when the other side answered, or something else happened.
    """
    prise, sollicitation = take_sollicitation(sollicitation_id, by=by)
    if sollicitation.etat == EtatSollicitation.ENVOYEE:
        return sollicitation
    if not sollicitation.annulable or _has_later_call(prise):
        raise ActionRefusee("Il s’est passé autre chose depuis cette réponse\u00a0: elle ne s’annule plus.")
    accepted = sollicitation.etat == EtatSollicitation.ACCEPTEE
    _await_again(prise, sollicitation)
    asked = [sollicitation, *(_restore_others(prise) if accepted else [])]
    set_deadline(prise)
    journal.record("sollicitations.reponse_annulee", prise.appel, by=by, sollicitation=str(sollicitation.pk))
    prise.tell(FaitSollicitation.ANNULEE if accepted else FaitSollicitation.REPRISE, sollicitation)
    courriels = find_courriels([row.professionnel_id for row in asked], cpts_id=prise.appel.cpts_id)
    for row in asked:
        adresse = courriels.get(row.professionnel_id, "")
        write(prise, row, prise.genre.courriel, adresse, occasion=f"encore:{now():%Y%m%dT%H%M%S%f}")
    return sollicitation


def _has_later_call(prise: Prise) -> bool:
    appel = prise.appel
    own = Appel.objects.filter(cpts_id=appel.cpts_id, genre=appel.genre, objet_id=appel.objet_id)
    return own.filter(ouvert_le__gt=appel.ouvert_le).exists()


def _restore_others(prise: Prise) -> list[Sollicitation]:
    """Those whom a yes had released and who may still answer."""
    released = [
        row
        for row in prise.rows(EtatSollicitation.RETIREE)
        if row.motif_retrait == MotifRetrait.AUTRE and row.expire_le and row.expire_le > now()
    ]
    active = {row.professionnel_id for row in prise.rows(*ACTIVES)}
    free = prise.genre.disponibles(prise.objet, [row.professionnel_id for row in released]) - active
    restored = [row for row in released if row.professionnel_id in free]
    for row in restored:
        _await_again(prise, row)
    return restored


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
