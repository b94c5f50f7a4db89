"""What each minute does to requests: one whose date has passed moves on, none stays silent."""

from uuid import UUID

from django.db import transaction

from maillon.communaute.sollicitations.enums import EtatAppel
from maillon.communaute.sollicitations.models import Appel
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.horloge import now
from maillon.socle.taches import do_each

from ..enums import EtatDemande
from ..models import GENRE, DemandeSoin
from .appels import ask_professionnels, escalate
from .demandes import lock_demande, save
from .reponses import reopen_demande


def wake_demandes(*, cpts_id: UUID, by: Acteur = SYSTEME) -> int:
    """Requests that nobody answered by their date: the first professionals are asked, or it escalates, again if need
    be. Returns how many moved."""
    due = DemandeSoin.objects.filter(cpts_id=cpts_id).sans_reponse().filter(prochaine_le__lte=now())
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    return do_each(keys, lambda pk: _wake(pk, by=by), quoi="waking the request")


def _wake(demande_id: UUID, *, by: Acteur) -> int:
    demande = lock_demande(demande_id)
    if demande.prochaine_le is None or demande.prochaine_le > now():
        return 0
    if demande.etat == EtatDemande.OUVERTE:
        ask_professionnels(demande_id=demande.pk, by=by)
        return 1
    waiting = (
        Appel.objects.filter(cpts_id=demande.cpts_id, genre=GENRE, objet_id=demande.pk, etat=EtatAppel.OUVERT)
        .values_list("prochaine_vague_le", flat=True)
        .first()
    )
    if demande.etat == EtatDemande.SOLLICITEE and waiting is not None and waiting > now():
        save(demande, prochaine_le=waiting)
        return 0
    escalate(demande, by=by)
    return 1


@transaction.atomic
def seek_again(*, demande_id: UUID, by: Acteur = SYSTEME) -> bool:
    """The appointment of a request fell through: it is sought again, unless another one stands."""
    demande = lock_demande(demande_id)
    if demande.etat != EtatDemande.POURVUE or demande.rendez_vous.pris().exists():
        return False
    reopen_demande(demande_id=demande.pk, by=by)
    return True
