"""What somebody of the desk has to do for a request, for a day."""

from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import EtatTache, Quoi
from ..models import ActionRefusee, Demande, TacheGuichet
from ..selectors import DESK
from .commun import choose_responsable, lock

# Read by the desk alone.
SECOND_OUI = "A dit oui à un second médecin : lui demander lequel elle garde, puis clore l’autre demande."


@transaction.atomic
def add_tache(
    *, demande_id: UUID, quoi: Quoi, echeance: date, responsable_id: UUID | None = None, precision: str = "", by: Acteur
) -> TacheGuichet:
    """Note something to do for a request that somebody follows; by default, who follows the request does it."""
    demande = lock(demande_id)
    if not demande.is_suivie:
        raise ActionRefusee(f"Plus rien n’est à faire pour la demande {demande.reference} : elle est terminée.")
    if echeance < today():
        raise ActionRefusee("Choisissez aujourd’hui ou un jour à venir.")
    return note_tache(demande, quoi=quoi, echeance=echeance, responsable_id=responsable_id, precision=precision, by=by)


def note_tache(
    demande: Demande, *, quoi: Quoi, echeance: date, responsable_id: UUID | None = None, precision: str = "", by: Acteur
) -> TacheGuichet:
    """Write the task of a request already locked."""
    responsable = choose_responsable(demande.cpts_id, prefer=responsable_id or demande.responsable_id)
    tache = TacheGuichet(
        cpts_id=demande.cpts_id, demande=demande, quoi=quoi, echeance=echeance, responsable=responsable
    )
    tache.write_texte(precision.strip())
    tache.save(force_insert=True)
    journal.record("medecin_traitant.tache_notee", demande, by=by, quoi=str(quoi), le=echeance.isoformat())
    return tache


def note_once(demande: Demande, *, quoi: Quoi, precision: str, by: Acteur) -> None:
    """The same for today, unless the very same thing is already to be done."""
    waiting = demande.taches.filter(quoi=quoi, etat=EtatTache.A_FAIRE)
    if not any(tache.texte == precision for tache in waiting):
        note_tache(demande, quoi=quoi, echeance=today(), precision=precision, by=by)


@transaction.atomic
def note_double(*, demande_id: UUID, by: Acteur) -> None:
    """The person said yes to a second doctor, by another request: somebody of the desk asks which one they keep."""
    note_once(lock(demande_id), quoi=Quoi.RAPPELER, precision=SECOND_OUI, by=by)


def lock_tache(tache_id: UUID) -> TacheGuichet:
    """The task, locked after its request."""
    tache = TacheGuichet.objects.only("demande_id").get(pk=tache_id)
    lock(tache.demande_id)
    return TacheGuichet.objects.select_for_update(of=("self",)).select_related("demande").get(pk=tache_id)


@transaction.atomic
def end_tache(*, tache_id: UUID, faite: bool, by: Acteur) -> TacheGuichet:
    """Say that it is done, or that it need not be done. Ending twice is ending once."""
    tache = lock_tache(tache_id)
    if tache.etat != EtatTache.A_FAIRE:
        return tache
    tache.etat = EtatTache.FAITE if faite else EtatTache.ANNULEE
    tache.finie_le = now()
    tache.save()
    journal.record(f"medecin_traitant.tache_{'faite' if faite else 'annulee'}", tache.demande, by=by, quoi=tache.quoi)
    return tache


@transaction.atomic
def resume_tache(*, tache_id: UUID, by: Acteur) -> TacheGuichet:
    """A task ended by mistake is to be done again, today if its day has passed."""
    tache = lock_tache(tache_id)
    if tache.etat == EtatTache.A_FAIRE:
        return tache
    if not tache.demande.is_suivie:
        raise ActionRefusee(f"La demande {tache.demande.reference} est terminée : rouvrez-la d’abord.")
    if tache.quoi == Quoi.REVOIR_EQUIPE:
        raise ActionRefusee("La revue suivante est déjà prévue : changez sa date.")
    tache.etat, tache.finie_le, tache.echeance = EtatTache.A_FAIRE, None, max(tache.echeance, today())
    tache.save()
    journal.record("medecin_traitant.tache_notee", tache.demande, by=by, quoi=tache.quoi)
    return tache


def cancel_taches(demande: Demande) -> int:
    """Nothing is left to do for a request that is over. Returns how many tasks were cancelled."""
    return demande.taches.filter(etat=EtatTache.A_FAIRE).update(etat=EtatTache.ANNULEE, finie_le=now())


def give_taches(*, cpts_id: UUID) -> int:
    """Tasks of somebody who left the desk go to whoever follows the request. Returns how many."""
    gone = TacheGuichet.objects.filter(etat=EtatTache.A_FAIRE, cpts_id=cpts_id)
    gone = gone.exclude(responsable__actif=True, responsable__roles__overlap=DESK)
    return sum(_give(pk) for pk in list(gone.values_list("pk", flat=True)))


@transaction.atomic
def _give(tache_id: UUID) -> int:
    tache = lock_tache(tache_id)
    try:
        responsable = choose_responsable(tache.cpts_id, prefer=tache.demande.responsable_id)
    except ActionRefusee:
        return 0
    if tache.etat != EtatTache.A_FAIRE or responsable.pk == tache.responsable_id:
        return 0
    tache.responsable = responsable
    tache.save()
    journal.record("medecin_traitant.tache_transmise", tache.demande, by=SYSTEME, membre=str(responsable.pk))
    return 1
