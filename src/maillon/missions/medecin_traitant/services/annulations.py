"""Answers recorded by mistake are taken back, with their trace."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from maillon.communaute.patients.services import close_relation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import Action, Etat, EtatProposition
from ..models import ActionRefusee, Capacite, Demande
from ..selectors import find_declinee
from .commun import lock, move, plan
from .equipe import restore_equipe
from .nouvelles import LIEN_NOUVELLES
from .suites import forget_placement, refresh_pilotage


@transaction.atomic
def undo_reponse_patient(*, demande_id: UUID, by: Acteur) -> Demande:
    """The patient's answer was recorded by mistake: the doctor who accepted is reserved again, and somebody calls.

    After a yes, the placement no longer counts and the identity shuts to the doctor. After a no, only as long as
    nothing happened since and the doctor still has a place. Raises ActionRefusee otherwise.
    """
    demande = lock(demande_id)
    if demande.etat == Etat.PLACEE:
        _undo_oui(demande, by=by)
    else:
        _undo_non(demande)
    journal.record("medecin_traitant.reponse_annulee", demande, by=by)
    return demande


def _undo_oui(demande: Demande, *, by: Acteur) -> None:
    if demande.bilan or demande.suivi_fini_le is not None:
        raise ActionRefusee("La personne a donné de ses nouvelles depuis : rouvrez plutôt la demande.")
    assert demande.placee_le is not None
    assert demande.medecin is not None
    since = timezone.localtime(demande.placee_le).date()
    close_relation(patient=demande.patient, rpps=demande.medecin.rpps, by=by)
    revoke_liens(but=LIEN_NOUVELLES, objet_id=demande.pk)
    forget_placement(demande)
    plan(demande, Action.RAPPELER_PATIENT, today())
    move(demande, Etat.ACCEPTEE, acceptee_le=demande.acceptee_le or now())
    restore_equipe(demande, since=since, by=by)
    refresh_pilotage(demande.cpts_id)


def _undo_non(demande: Demande) -> None:
    last = find_declinee(demande)
    if last is None:
        raise ActionRefusee("Il s’est passé autre chose depuis cette réponse : elle ne s’annule plus.")
    places = Capacite.objects.filter(cpts_id=demande.cpts_id, professionnel=last.professionnel_id).with_restantes()
    if not places.filter(restantes__gt=0).exists():
        raise ActionRefusee(f"{last.professionnel} n’a plus de place : proposez-lui de nouveau quand il en aura une.")
    last.etat, last.motif_retrait = EtatProposition.ACCEPTEE, ""
    last.save(update_fields=["etat", "motif_retrait"])
    plan(demande, Action.RAPPELER_PATIENT, today())
    move(demande, Etat.ACCEPTEE, medecin=last.professionnel, acceptee_le=last.repondue_le or now())
