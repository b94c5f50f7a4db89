"""How a request ends: an appointment, another answer, called off. And how it opens again."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.enums import MotifRetrait
from maillon.socle.comptes.models import Compte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums import SANS_REPONSE, EtatDemande, Reponse
from ..models import GENRE, ActionRefusee, DemandeSoin
from ..notifications import DemandeRepondue, absolute
from .acceptations import end_acceptance, forget_acceptance
from .appels import ask_professionnels
from .demandes import lock_demande, move


@transaction.atomic
def answer_demande(*, demande_id: UUID, reponse: Reponse, by: Acteur) -> DemandeSoin:
    """The person was told something else than an appointment: the delay stops, nobody is asked any more."""
    demande = lock_demande(demande_id)
    if reponse == Reponse.RENDEZ_VOUS:
        raise ActionRefusee("Donnez le rendez-vous\u00a0: la réponse s’enregistre avec lui.")
    if demande.etat == EtatDemande.ORIENTEE and demande.reponse == reponse:
        return demande
    sollicitations.close_appel(genre=GENRE, objet=demande, motif=MotifRetrait.CLOTURE, by=by)
    end_acceptance(demande, by)
    finish(demande, EtatDemande.ORIENTEE, reponse, by=by)
    return demande


def finish(demande: DemandeSoin, etat: EtatDemande, reponse: Reponse, *, by: Acteur) -> None:
    """The request has its answer, with its moment; who filed it is told. Locked by the caller."""
    move(demande, etat, repondue_le=now(), reponse=reponse, prochaine_le=None)
    delai = int((now() - demande.deposee_le).total_seconds() // 60)
    journal.record("soins.demande_repondue", demande, by=by, reponse=str(reponse), minutes=delai)
    enqueue("pilotage.rafraichir", cpts_id=demande.cpts_id, once=f"pilotage.rafraichir:{demande.cpts_id}")
    if (adresse := _find_demandeur(demande, by)) is not None:
        DemandeRepondue(cpts=demande.cpts, objet_id=demande.pk, lien=adresse.lien).queue(
            to=adresse.courriel, occasion=f"{demande.repondue_le:%Y%m%d%H%M%S}"
        )


@dataclass(frozen=True, slots=True)
class _Adresse:
    courriel: str
    lien: str


def _find_demandeur(demande: DemandeSoin, by: Acteur) -> _Adresse | None:
    """Where to write to who filed it, unless they are the one who answers."""
    if demande.demandeur_id and demande.demandeur_id != by.membre_id:
        membre = Membre.objects.select_related("compte").get(pk=demande.demandeur_id)
        return _Adresse(membre.compte.email, absolute("demande", demande.cpts.slug, demande.pk))
    if demande.compte_id and demande.compte_id != by.compte_id:
        compte = Compte.objects.filter(pk=demande.compte_id, is_active=True).first()
        return _Adresse(compte.email, absolute("regulation_demande", demande.pk)) if compte else None
    return None


@transaction.atomic
def cancel_demande(*, demande_id: UUID, by: Acteur) -> DemandeSoin:
    """Who asked needs it no more: whoever was asked is released."""
    demande = lock_demande(demande_id)
    if demande.etat == EtatDemande.ANNULEE:
        return demande
    sollicitations.close_appel(genre=GENRE, objet=demande, motif=MotifRetrait.CLOTURE, by=by)
    end_acceptance(demande, by)
    move(demande, EtatDemande.ANNULEE, prochaine_le=None)
    journal.record("soins.demande_annulee", demande, by=by)
    return demande


@transaction.atomic
def reopen_demande(*, demande_id: UUID, by: Acteur) -> DemandeSoin:
    """Answered or cancelled by mistake, or the professional cannot any more: it is sought again, its delay still
    counted from its filing. Raises ActionRefusee while the person has an appointment."""
    demande = lock_demande(demande_id)
    if demande.etat in SANS_REPONSE:
        return demande
    if demande.rendez_vous.pris().exists():
        raise ActionRefusee("Cette personne a un rendez-vous\u00a0: annulez-le d’abord.")
    sollicitations.close_appel(genre=GENRE, objet=demande, motif=MotifRetrait.REOUVERTURE, by=by)
    forget_acceptance(demande, by)
    move(
        demande,
        EtatDemande.OUVERTE,
        repondue_le=None,
        reponse="",
        escaladee_le=None,
        prochaine_le=now(),
    )
    journal.record("soins.demande_rouverte", demande, by=by)
    ask_professionnels(demande_id=demande.pk, by=by)
    demande.refresh_from_db()
    return demande
