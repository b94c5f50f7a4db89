"""Proposals to doctors: who is asked, and what each answer changes in the request.

The cascade itself (waves, deadlines, first acceptance) is that of `communaute.sollicitations`, which calls
`follow_appel` for every fact.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.communaute.sollicitations.selectors import list_absents
from maillon.socle.courriels.selectors import is_parti
from maillon.socle.courriels.services import cancel_for
from maillon.socle.declarations import FaitSollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien, revoke_liens
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import Action, Etat, MotifRefus
from ..models import GENRE, ActionRefusee, Capacite, Demande
from ..notifications import DemandeAvancee, MedecinTrouve, RechercheReprise, absolute
from .capacites import give_place_back
from .commun import (
    JOURS_REPONSE_MEDECIN,
    JOURS_REPONSE_PATIENT,
    LIEN_REPONSE,
    back_to_rank,
    get_courriel_patient,
    in_days,
    lock,
    move,
    plan,
)
from .depot import create_lien_suivi

JOURS_MAX = 30


@transaction.atomic
def propose_demande(
    *,
    demande_id: UUID,
    professionnel_ids: Sequence[UUID],
    by: Acteur,
    par_vague: int | None = None,
    jours: int = JOURS_REPONSE_MEDECIN,
    explications: Mapping[UUID, dict[str, Any]] | None = None,
) -> list[Sollicitation]:
    """Propose a qualified request to doctors who have a place, in the order given: to all at once, or `par_vague` at a
    time, each wave having `jours` days to answer. A request already proposed gets these doctors besides.

    Raises ActionRefusee, and proposes to nobody, when a doctor has no place left, is away, has it already, or
    declined it.
    """
    demande = lock(demande_id)
    if demande.etat not in (Etat.QUALIFIEE, Etat.PROPOSEE):
        raise ActionRefusee(
            f"La demande {demande.reference} est « {demande.get_etat_display()} » : elle ne peut pas être proposée."
        )
    if not 1 <= jours <= JOURS_MAX:
        raise ActionRefusee(f"Laissez entre un et {JOURS_MAX} jours pour répondre.")
    wanted = list(dict.fromkeys(professionnel_ids))
    professionnels = Professionnel.objects.in_bulk(wanted)
    if not wanted or len(professionnels) != len(wanted):
        raise ActionRefusee("Choisissez au moins un médecin de la liste.")
    _check_medecins(demande, [professionnels[pk] for pk in wanted], vague=par_vague)
    reasons = explications or {}
    cibles = [sollicitations.Cible(pk, reasons.get(pk, {})) for pk in wanted]
    return sollicitations.solicit(
        genre=GENRE,
        objet=demande,
        vagues=sollicitations.cut_vagues(cibles, par_vague),
        delai=timedelta(days=jours),
        by=by,
    )


def _check_medecins(demande: Demande, professionnels: Sequence[Professionnel], *, vague: int | None) -> None:
    """Everyone has a place; who is asked today is there today."""
    ids = [professionnel.pk for professionnel in professionnels]
    free = find_disponibles(demande, ids)
    away = list_absents(ids[: vague or len(ids)], cpts_id=demande.cpts_id, on=today())
    for professionnel in professionnels:
        if professionnel.pk not in free:
            said = "n’a plus de place"
        elif professionnel.pk in away:
            said = "est absent aujourd’hui"
        else:
            continue
        raise ActionRefusee(f"{professionnel} {said} : la demande {demande.reference} n’a été proposée à personne.")


def find_disponibles(demande: Demande, professionnel_ids: Collection[UUID]) -> set[UUID]:
    """Those who still have a place."""
    capacites = Capacite.objects.filter(cpts=demande.cpts_id, professionnel__in=professionnel_ids).with_restantes()
    return set(capacites.filter(restantes__gt=0).values_list("professionnel", flat=True))


def accept_proposition(*, proposition_id: UUID, by: Acteur) -> Sollicitation:
    """The doctor takes the patient: reserved for them until the patient's own yes; see `sollicitations.accept`."""
    return sollicitations.accept(sollicitation_id=proposition_id, by=by)


def decline_proposition(*, proposition_id: UUID, motif: MotifRefus, by: Acteur) -> Sollicitation:
    """The doctor declines, with a reason; see `sollicitations.decline`."""
    return sollicitations.decline(sollicitation_id=proposition_id, motif=str(motif), by=by)


# What each fact of the cascade changes in the request. The object is locked by whoever tells.


def follow_appel(
    fait: FaitSollicitation, demande: Demande, appel: Appel, sollicitation: Sollicitation | None, by: Acteur
) -> None:
    """The request follows its call."""
    if sollicitation is None:
        CALL[fait](demande, appel, by)
    else:
        SUITES[fait](demande, sollicitation, by)


def _record(demande: Demande, sollicitation: Sollicitation, code: str, by: Acteur, **details: Any) -> None:
    journal.record(f"medecin_traitant.{code}", demande, by=by, proposition=str(sollicitation.pk), **details)


def _follow_vague(demande: Demande, appel: Appel, by: Acteur) -> None:
    """A wave left: an answer is awaited until its end."""
    assert appel.prochaine_vague_le is not None
    plan(demande, Action.ATTENDRE_MEDECIN, timezone.localtime(appel.prochaine_vague_le).date())
    if demande.etat == Etat.QUALIFIEE:
        move(demande, Etat.PROPOSEE)
    else:
        demande.save()


def _follow_epuise(demande: Demande, appel: Appel, by: Acteur) -> None:
    """Nobody is left to ask: back to its rank, and the desk is told."""
    if demande.etat == Etat.PROPOSEE:
        back_to_rank(demande)
        notify_responsable(demande, occasion=f"epuise:{appel.pk}")


def _follow_envoyee(demande: Demande, sollicitation: Sollicitation, by: Acteur) -> None:
    _record(demande, sollicitation, "proposee", by, medecin=str(sollicitation.professionnel_id))


def _follow_rappelee(demande: Demande, sollicitation: Sollicitation, by: Acteur) -> None:
    _record(demande, sollicitation, "rappel_medecin", by)


def _follow_refusee(demande: Demande, sollicitation: Sollicitation, by: Acteur) -> None:
    _record(demande, sollicitation, "refusee", by, motif=sollicitation.motif_refus)


def _follow_expiree(demande: Demande, sollicitation: Sollicitation, by: Acteur) -> None:
    _record(demande, sollicitation, "expiree", by)


def _follow_acceptee(demande: Demande, sollicitation: Sollicitation, by: Acteur) -> None:
    """The patient is asked, by mail or by the desk."""
    courriel = get_courriel_patient(demande)
    if courriel:
        plan(demande, Action.ATTENDRE_PATIENT, in_days(JOURS_REPONSE_PATIENT))
    else:  # nobody else would tell them
        plan(demande, Action.RAPPELER_PATIENT, today())
    move(demande, Etat.ACCEPTEE, medecin=sollicitation.professionnel, acceptee_le=now(), rappel_patient_le=None)
    _record(demande, sollicitation, "acceptee", by)
    MedecinTrouve(
        cpts=demande.cpts,
        objet_id=sollicitation.pk,
        lien=absolute("reponse", jeton=create_lien_reponse(sollicitation)),
        avant_le=now() + timedelta(days=JOURS_REPONSE_PATIENT),
    ).queue(to=courriel)
    notify_responsable(demande, occasion=f"acceptee:{sollicitation.pk}")


def _follow_reprise(demande: Demande, sollicitation: Sollicitation, by: Acteur) -> None:
    """The refusal was a slip: the doctor's answer is awaited again, unless the desk went on meanwhile."""
    if demande.etat not in (Etat.QUALIFIEE, Etat.PROPOSEE):
        raise ActionRefusee("Il est trop tard pour annuler ce refus : appelez la communauté.")
    _follow_vague(demande, sollicitation.appel, by)
    _record(demande, sollicitation, "refus_annule", by)


def _follow_annulee(demande: Demande, sollicitation: Sollicitation, by: Acteur) -> None:
    """The yes was recorded by mistake: the doctor's answer is awaited again."""
    _unreserve(demande, sollicitation, by)
    _follow_vague(demande, sollicitation.appel, by)
    _record(demande, sollicitation, "acceptation_annulee", by)


def _unreserve(demande: Demande, sollicitation: Sollicitation, by: Acteur) -> None:
    """No doctor any more: back to its rank, and the person who was already written to is told."""
    revoke_liens(but=LIEN_REPONSE, objet_id=sollicitation.pk)
    cancel_for(cpts_id=demande.cpts_id, objet_id=sollicitation.pk)
    give_place_back(demande, by=by)
    plan(demande, Action.PROPOSER, today())
    move(demande, Etat.QUALIFIEE, medecin=None, acceptee_le=None)
    if is_parti(cpts_id=demande.cpts_id, objet_id=sollicitation.pk, gabarit=MedecinTrouve.gabarit):
        RechercheReprise(
            cpts=demande.cpts, objet_id=demande.pk, lien=absolute("suivi", jeton=create_lien_suivi(demande))
        ).queue(to=get_courriel_patient(demande), occasion=str(sollicitation.pk))


def _follow_desistee(demande: Demande, sollicitation: Sollicitation, by: Acteur) -> None:
    """The doctor went back on a yes before the patient's answer: the request keeps its rank."""
    _unreserve(demande, sollicitation, by)
    _record(demande, sollicitation, "desistement", by)
    notify_responsable(demande, occasion=f"desistement:{sollicitation.pk}")


CALL: dict[FaitSollicitation, Callable[[Demande, Appel, Acteur], None]] = {
    FaitSollicitation.VAGUE: _follow_vague,
    FaitSollicitation.EPUISE: _follow_epuise,
}
SUITES: dict[FaitSollicitation, Callable[[Demande, Sollicitation, Acteur], None]] = {
    FaitSollicitation.ENVOYEE: _follow_envoyee,
    FaitSollicitation.RAPPELEE: _follow_rappelee,
    FaitSollicitation.ACCEPTEE: _follow_acceptee,
    FaitSollicitation.REFUSEE: _follow_refusee,
    FaitSollicitation.EXPIREE: _follow_expiree,
    FaitSollicitation.REPRISE: _follow_reprise,
    FaitSollicitation.DESISTEE: _follow_desistee,
    FaitSollicitation.ANNULEE: _follow_annulee,
}


def create_lien_reponse(sollicitation: Sollicitation) -> str:
    """The patient's link to say yes or no to the doctor who accepted; lives as long as the desk waits."""
    return create_lien(
        but=LIEN_REPONSE,
        cpts_id=sollicitation.cpts_id,
        objet_id=sollicitation.pk,
        expire_le=now() + timedelta(days=3 * JOURS_REPONSE_PATIENT),
    )


def notify_responsable(demande: Demande, *, occasion: str) -> None:
    """Tell who follows the request that it moved."""
    if demande.responsable is None:
        return
    DemandeAvancee(
        cpts=demande.cpts,
        objet_id=demande.pk,
        lien=absolute("fiche", slug=demande.cpts.slug, demande_id=demande.pk),
    ).queue(to=demande.responsable.compte.email, occasion=occasion)
