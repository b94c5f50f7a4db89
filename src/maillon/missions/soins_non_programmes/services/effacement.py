"""A person opposes the processing, or is erased."""

from uuid import UUID

from maillon.socle.courriels.services import cancel_for, forget_for
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import revoke_liens
from maillon.socle.horloge import now

from ..enums import EtatRendezVous, MotifAnnulation
from ..models import DemandeSoin, RendezVous
from .acceptations import LIEN_HEURE
from .messages import LIEN_RENDEZ_VOUS
from .reponses import cancel_demande
from .suites_rendez_vous import cancel

EFFACE = "effacé"


def erase_demandes(*, cpts_id: UUID, patient_id: UUID) -> int:
    """Dates and states stay, counted; what was written about the requests goes."""
    keys = list(DemandeSoin.objects.filter(cpts_id=cpts_id, patient_id=patient_id).values_list("pk", flat=True))
    for pk in keys:
        revoke_liens(but=LIEN_HEURE, objet_id=pk)
    forget_for(cpts_id=cpts_id, objet_ids=keys)
    return DemandeSoin.objects.filter(pk__in=keys).update(usuel=None)


def erase_rendez_vous(*, cpts_id: UUID, patient_id: UUID) -> int:
    """The same of the appointments: messages are emptied, and the reason of a derogation, which is free text."""
    own = RendezVous.objects.filter(cpts_id=cpts_id, patient_id=patient_id)
    keys = list(own.values_list("pk", flat=True))
    for pk in keys:
        revoke_liens(but=LIEN_RENDEZ_VOUS, objet_id=pk)
    forget_for(cpts_id=cpts_id, objet_ids=keys)
    own.filter(derogation=True).update(motif_derogation=EFFACE)
    return len(keys)


def close_demandes(*, cpts_id: UUID, patient_id: UUID, by: Acteur) -> int:
    """Whoever opposes is sought for no longer, and nobody is asked about them. Returns how many were closed."""
    own = DemandeSoin.objects.filter(cpts_id=cpts_id, patient_id=patient_id).sans_reponse().order_by("pk")
    keys = list(own.values_list("pk", flat=True))
    for pk in keys:
        cancel_demande(demande_id=pk, by=by)
    return len(keys)


def close_rendez_vous(*, cpts_id: UUID, patient_id: UUID, by: Acteur) -> int:
    """Their appointments to come are cancelled, without a message, and the slots offered again."""
    own = RendezVous.objects.filter(
        cpts_id=cpts_id, patient_id=patient_id, etat=EtatRendezVous.CONFIRME, creneau__debut__gt=now()
    )
    rows = list(own.select_related("creneau").order_by("creneau__professionnel_id", "creneau_id"))
    for rendez_vous in rows:
        cancel(rendez_vous=rendez_vous, motif=MotifAnnulation.PATIENT, by=by)
        cancel_for(cpts_id=cpts_id, objet_id=rendez_vous.pk)
    return len(rows)
