"""What each fact of a call changes in its request; see `communaute.sollicitations`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from maillon.communaute.patients.services import open_relation
from maillon.communaute.sollicitations.models import ActionRefusee as SollicitationRefusee
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.communaute.sollicitations.selectors import find_courriels
from maillon.socle.declarations import FaitSollicitation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import SANS_REPONSE, EtatDemande
from ..models import DemandeSoin
from ..notifications import HeureADonner, absolute
from .acceptations import LIEN_HEURE, MOTIF_RELATION, forget_acceptance
from .appels import ESCALADE, escalate
from .demandes import move, save

# A professional who accepted says the hour within this time.
HEURE = timedelta(minutes=10)
JOURS_LIEN = 1


def follow_appel(
    fait: FaitSollicitation, demande: DemandeSoin, appel: Appel, sollicitation: Sollicitation | None, by: Acteur
) -> None:
    """The request follows its call; it is locked by whoever tells."""
    if fait is FaitSollicitation.VAGUE:
        _follow_vague(demande, appel)
    elif fait is FaitSollicitation.EPUISE:
        if demande.etat in SANS_REPONSE:
            escalate(demande, by=by)
    elif sollicitation is not None and fait in SUITES:
        SUITES[fait](demande, sollicitation, by)


def _follow_vague(demande: DemandeSoin, appel: Appel) -> None:
    """Somebody is asked: it comes up again a minute after the wave. One that escalated stays so until its answer."""
    assert appel.prochaine_vague_le is not None
    due = appel.prochaine_vague_le + timedelta(minutes=1)
    if demande.etat == EtatDemande.ESCALADEE:
        save(demande, prochaine_le=min(due, now() + ESCALADE))
    elif demande.etat == EtatDemande.SOLLICITEE:
        save(demande, prochaine_le=due)
    else:
        move(demande, EtatDemande.SOLLICITEE, prochaine_le=due)


def _record(demande: DemandeSoin, sollicitation: Sollicitation, code: str, by: Acteur, **details: Any) -> None:
    journal.record(f"soins.{code}", demande, by=by, sollicitation=str(sollicitation.pk), **details)


def _follow_envoyee(demande: DemandeSoin, sollicitation: Sollicitation, by: Acteur) -> None:
    _record(demande, sollicitation, "professionnel_sollicite", by)


def _follow_refusee(demande: DemandeSoin, sollicitation: Sollicitation, by: Acteur) -> None:
    _record(demande, sollicitation, "professionnel_refuse", by, motif=sollicitation.motif_refus)


def _follow_expiree(demande: DemandeSoin, sollicitation: Sollicitation, by: Acteur) -> None:
    _record(demande, sollicitation, "professionnel_silencieux", by)


def _follow_acceptee(demande: DemandeSoin, sollicitation: Sollicitation, by: Acteur) -> None:
    """The first yes: the identity opens to this professional, who says the hour within some minutes."""
    professionnel = sollicitation.professionnel
    move(demande, EtatDemande.ACCEPTEE, accepte_par=professionnel, prochaine_le=now() + HEURE)
    open_relation(patient=demande.patient, rpps=professionnel.rpps, motif=MOTIF_RELATION, by=by)
    _record(demande, sollicitation, "demande_acceptee", by)
    courriels = find_courriels([professionnel.pk], cpts_id=demande.cpts_id)
    HeureADonner(
        cpts=demande.cpts,
        objet_id=sollicitation.pk,
        lien=url_lien_heure(demande.pk, demande.cpts_id),
        avant_le=now() + HEURE,
    ).queue(to=courriels.get(professionnel.pk, ""))


def url_lien_heure(demande_id: UUID, cpts_id: UUID) -> str:
    """The link by which who accepted says the hour without account; a day at most."""
    expire = now() + timedelta(days=JOURS_LIEN)
    return absolute("lien_heure", create_lien(but=LIEN_HEURE, cpts_id=cpts_id, objet_id=demande_id, expire_le=expire))


def _follow_desistee(demande: DemandeSoin, sollicitation: Sollicitation, by: Acteur) -> None:
    """Back on a yes: those planned are asked in turn, by whoever tells this."""
    _unreserve(demande, by)
    _record(demande, sollicitation, "professionnel_desiste", by)


def _follow_annulee(demande: DemandeSoin, sollicitation: Sollicitation, by: Acteur) -> None:
    _unreserve(demande, by)
    _record(demande, sollicitation, "acceptation_annulee", by)


def _unreserve(demande: DemandeSoin, by: Acteur) -> None:
    if demande.etat not in (EtatDemande.ACCEPTEE, EtatDemande.ESCALADEE):
        raise SollicitationRefusee("Cette demande a déjà sa réponse\u00a0: appelez la communauté.")
    forget_acceptance(demande, by)
    etat = EtatDemande.ESCALADEE if demande.escaladee_le else EtatDemande.SOLLICITEE
    if demande.etat == etat:
        save(demande, accepte_par=None, prochaine_le=now())
    else:
        move(demande, etat, accepte_par=None, prochaine_le=now())


def _follow_reprise(demande: DemandeSoin, sollicitation: Sollicitation, by: Acteur) -> None:
    """A refusal was a slip: the answer is awaited again, unless the request has its answer."""
    if demande.etat not in SANS_REPONSE or demande.etat == EtatDemande.ACCEPTEE:
        raise SollicitationRefusee("Il est trop tard pour annuler ce refus\u00a0: appelez la communauté.")
    _record(demande, sollicitation, "refus_annule", by)


SUITES: dict[FaitSollicitation, Callable[[DemandeSoin, Sollicitation, Acteur], None]] = {
    FaitSollicitation.ENVOYEE: _follow_envoyee,
    FaitSollicitation.ACCEPTEE: _follow_acceptee,
    FaitSollicitation.REFUSEE: _follow_refusee,
    FaitSollicitation.EXPIREE: _follow_expiree,
    FaitSollicitation.REPRISE: _follow_reprise,
    FaitSollicitation.DESISTEE: _follow_desistee,
    FaitSollicitation.ANNULEE: _follow_annulee,
}
