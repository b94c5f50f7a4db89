"""The desk assigns the whole waiting list: launch, decide line by line, compute the rest again, send, abandon."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums_repartition import Decision, EtatRepartition, Issue
from ..models import ActionRefusee, LigneRepartition, Repartition

CALCUL = "medecin_traitant.calculer_repartition"
ENVOI = "medecin_traitant.envoyer_repartition"
DEJA = "Une répartition est déjà en cours : relisez-la, envoyez-la ou abandonnez-la avant d’en lancer une autre."


def lock_repartition(repartition_id: UUID) -> Repartition:
    """The run, locked until the transaction ends: every service that changes it or its lines comes through here."""
    return Repartition.objects.select_for_update(of=("self",)).select_related("cpts").get(pk=repartition_id)


@transaction.atomic
def launch_repartition(*, cpts: Cpts, parametres: dict[str, Any], by: Acteur) -> Repartition:
    """Start an assignment of the waiting list; a job computes it. ActionRefusee when one is already living."""
    try:
        with transaction.atomic():
            repartition = Repartition.objects.create(cpts=cpts, parametres=parametres, lancee_par_id=by.membre_id)
    except IntegrityError as error:
        raise ActionRefusee(DEJA) from error
    journal.record("medecin_traitant.repartition_lancee", repartition, by=by, **parametres)
    _queue(CALCUL, repartition)
    return repartition


def _queue(name: str, repartition: Repartition) -> None:
    enqueue(name, cpts_id=repartition.cpts_id, once=f"{name}:{repartition.pk}", repartition_id=str(repartition.pk))


@transaction.atomic
def recompute_repartition(*, repartition_id: UUID, by: Acteur) -> Repartition:
    """Compute again around what the desk decided: its lines stay, the others change as little as possible."""
    repartition = lock_repartition(repartition_id)
    repartition.check_transition(EtatRepartition.EN_CALCUL)
    repartition.etat, repartition.etape = EtatRepartition.EN_CALCUL, 0
    repartition.save(update_fields=["etat", "etape"])
    kept = repartition.lignes.exclude(decision=Decision.PROPOSEE).count()
    journal.record("medecin_traitant.repartition_relancee", repartition, by=by, gardees=kept)
    _queue(CALCUL, repartition)
    return repartition


@transaction.atomic
def abandon_repartition(*, repartition_id: UUID, by: Acteur) -> Repartition:
    """Give a run up before it is sent: nothing leaves, the requests keep their rank."""
    repartition = lock_repartition(repartition_id)
    repartition.check_transition(EtatRepartition.ABANDONNEE)
    repartition.etat, repartition.close_le = EtatRepartition.ABANDONNEE, now()
    repartition.save(update_fields=["etat", "close_le"])
    journal.record("medecin_traitant.repartition_abandonnee", repartition, by=by)
    return repartition


def _lock_ligne(ligne_id: UUID) -> tuple[Repartition, LigneRepartition]:
    """The run first, then its line, while it may still be changed."""
    repartition = lock_repartition(LigneRepartition.objects.values_list("repartition", flat=True).get(pk=ligne_id))
    if repartition.etat != EtatRepartition.A_REVOIR:
        raise ActionRefusee(
            f"Cette répartition est « {repartition.get_etat_display()} » : ses lignes ne se changent plus."
        )
    return repartition, LigneRepartition.objects.get(pk=ligne_id)


def _decide(repartition: Repartition, ligne: LigneRepartition, decision: Decision, *, by: Acteur) -> LigneRepartition:
    ligne.decision = decision
    ligne.save(update_fields=["decision", "professionnel", "minutes", "suivants"])
    journal.record(
        "medecin_traitant.repartition_revue", repartition, by=by, demande=str(ligne.demande_id), decision=str(decision)
    )
    return ligne


@transaction.atomic
def keep_ligne(*, ligne_id: UUID, by: Acteur) -> LigneRepartition:
    """The desk agrees with this pair: it holds when the rest is computed again. ActionRefusee for one that was taken
    out, when the doctor's places were given to others since."""
    repartition, ligne = _lock_ligne(ligne_id)
    if ligne.professionnel_id is None:
        raise ActionRefusee("Aucun médecin n’est trouvé pour cette demande : il n’y a rien à garder.")
    if ligne.decision == Decision.RETIRER:
        _check_place(repartition, ligne.professionnel_id, sauf=ligne)
    return _decide(repartition, ligne, Decision.GARDER, by=by)


@transaction.atomic
def remove_ligne(*, ligne_id: UUID, by: Acteur) -> LigneRepartition:
    """Take a request out of the sending; it keeps its rank in the waiting list."""
    repartition, ligne = _lock_ligne(ligne_id)
    return _decide(repartition, ligne, Decision.RETIRER, by=by)


@transaction.atomic
def restore_ligne(*, ligne_id: UUID, by: Acteur) -> LigneRepartition:
    """Come back to what the computation found. ActionRefusee when that doctor's places were given to others since."""
    repartition, ligne = _lock_ligne(ligne_id)
    if ligne.calcule_id is not None and (not ligne.is_retenue or ligne.professionnel_id != ligne.calcule_id):
        _check_place(repartition, ligne.calcule_id, sauf=ligne)
    ligne.professionnel_id = ligne.calcule_id
    ligne.minutes = ligne.explication.get("minutes")
    return _decide(repartition, ligne, Decision.PROPOSEE, by=by)


@transaction.atomic
def change_ligne(*, ligne_id: UUID, professionnel_id: UUID, minutes: int | None, by: Acteur) -> LigneRepartition:
    """Propose this request to another doctor, `minutes` away, who must have a place left in this run."""
    repartition, ligne = _lock_ligne(ligne_id)
    _check_place(repartition, professionnel_id, sauf=ligne)
    ligne.professionnel_id, ligne.minutes = professionnel_id, minutes
    ligne.suivants = [pk for pk in ligne.suivants if pk != professionnel_id]
    return _decide(repartition, ligne, Decision.CHANGER, by=by)


def _check_place(repartition: Repartition, professionnel_id: UUID, *, sauf: LigneRepartition) -> None:
    places = repartition.chiffres.get("places_par_medecin", {}).get(str(professionnel_id), 0)
    taken = (
        repartition.lignes.filter(professionnel=professionnel_id)
        .exclude(decision=Decision.RETIRER)
        .exclude(pk=sauf.pk)
        .count()
    )
    if taken >= places:
        raise ActionRefusee(
            "Ce médecin n’a plus de place dans cette répartition. Retirez d’abord une autre personne de sa liste."
        )


@transaction.atomic
def send_repartition(*, repartition_id: UUID, by: Acteur) -> Repartition:
    """Ask for the sending of everything that is kept; a job does it. The second who presses is told that it left."""
    repartition = lock_repartition(repartition_id)
    if repartition.etat in (EtatRepartition.EN_ENVOI, EtatRepartition.ENVOYEE):
        raise ActionRefusee("Cette répartition est déjà partie : rien n’est envoyé deux fois.")
    repartition.check_transition(EtatRepartition.EN_ENVOI)
    retained = (
        repartition.lignes.filter(issue=Issue.A_ENVOYER, professionnel__isnull=False)
        .exclude(decision=Decision.RETIRER)
        .count()
    )
    if not retained:
        raise ActionRefusee("Il n’y a rien à envoyer : aucune demande de cette répartition n’a de médecin.")
    repartition.etat, repartition.envoi_le = EtatRepartition.EN_ENVOI, now()
    repartition.envoyee_par_id = by.membre_id
    repartition.save(update_fields=["etat", "envoi_le", "envoyee_par"])
    journal.record("medecin_traitant.repartition_envoi", repartition, by=by, nombre=retained)
    _queue(ENVOI, repartition)
    return repartition
