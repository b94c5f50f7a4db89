"""Answers recorded by mistake are taken back, with their trace."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.patients.services import close_relation
from maillon.communaute.sollicitations.enums import MotifRetrait
from maillon.communaute.sollicitations.selectors import list_absents
from maillon.communaute.sollicitations.services import Cible, accept, solicit
from maillon.socle.courriels.services import cancel_for
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..enums import Action, Etat
from ..models import GENRE, ActionRefusee, Demande
from ..selectors import find_declinee
from .capacites import give_place_back
from .commun import JOURS_REPONSE_MEDECIN, lock, move, plan, refresh_pilotage
from .equipe import restore_equipe
from .propositions import find_disponibles
from .suites import end_appel, forget_placement


@transaction.atomic
def undo_reponse_patient(*, demande_id: UUID, by: Acteur) -> Demande:
    """The patient's answer was recorded by mistake: the doctor who accepted is reserved again, the answer awaited.

    After a yes, the placement no longer counts and the identity shuts to the doctor. After a no, only as long as
    nobody was asked since and the doctor still has a place. Raises ActionRefusee otherwise.
    """
    demande = lock(demande_id)
    if demande.etat == Etat.PLACEE:
        _undo_oui(demande, by=by)
    else:
        _undo_non(demande, by=by)
    journal.record("medecin_traitant.reponse_annulee", demande, by=by)
    return lock(demande_id)


def _undo_oui(demande: Demande, *, by: Acteur) -> None:
    if demande.bilan or demande.suivi_fini_le is not None:
        raise ActionRefusee("La personne a donné de ses nouvelles depuis : rouvrez plutôt la demande.")
    assert demande.placee_le is not None
    assert demande.medecin is not None
    since, medecin = timezone.localtime(demande.placee_le).date(), demande.medecin
    close_relation(patient=demande.patient, rpps=medecin.rpps, by=by)
    cancel_for(cpts_id=demande.cpts_id, objet_id=demande.pk)
    end_appel(demande, MotifRetrait.REOUVERTURE, by=by)
    give_place_back(demande, by=by)
    forget_placement(demande)
    plan(demande, Action.PROPOSER, today())
    move(demande, Etat.QUALIFIEE, medecin=None, acceptee_le=None)
    _reserve_again(demande, medecin, by=by)
    restore_equipe(demande, since=since, by=by)
    refresh_pilotage(demande.cpts_id)


def _undo_non(demande: Demande, *, by: Acteur) -> None:
    last = find_declinee(demande)
    if last is None:
        raise ActionRefusee("Il s’est passé autre chose depuis cette réponse : elle ne s’annule plus.")
    _reserve_again(demande, last.professionnel, by=by)


def _reserve_again(demande: Demande, medecin: Professionnel, *, by: Acteur) -> None:
    """The doctor had said yes: asked and accepted in one go, without a mail to answer."""
    if medecin.pk not in find_disponibles(demande, [medecin.pk]):
        raise ActionRefusee(f"{medecin} n’a plus de place : proposez-lui de nouveau quand il en aura une.")
    if list_absents([medecin.pk], cpts_id=demande.cpts_id, on=today()):
        raise ActionRefusee(f"{medecin} est absent aujourd’hui : proposez-lui de nouveau à son retour.")
    delai = timedelta(days=JOURS_REPONSE_MEDECIN)
    (asked,) = solicit(genre=GENRE, objet=demande, vagues=[[Cible(medecin.pk, {})]], delai=delai, by=by)
    cancel_for(cpts_id=demande.cpts_id, objet_id=asked.pk)
    accept(sollicitation_id=asked.pk, by=by)
