"""A person opposes the processing, or is erased: nothing is sought for them, nobody waits for them any more."""

from uuid import UUID

from maillon.communaute.sollicitations.selectors import find_courriels
from maillon.socle.courriels.services import cancel_for, forget_for
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.services import revoke_liens
from maillon.socle.horloge import now

from ..enums import EtatRendezVous, MotifAnnulation
from ..models import DemandeSoin, RendezVous
from ..notifications import RendezVousLibere
from .acceptations import LIEN_HEURE
from .messages import LIEN_RENDEZ_VOUS
from .reponses import cancel_demande
from .suites_rendez_vous import cancel

EFFACE = "effacé"


def erase_demandes(*, cpts_id: UUID, patient_id: UUID) -> int:
    """Nobody is asked for the person any more; dates and states stay, counted; what was written about the requests
    goes."""
    close_demandes(cpts_id=cpts_id, patient_id=patient_id, by=SYSTEME)
    keys = list(DemandeSoin.objects.filter(cpts_id=cpts_id, patient_id=patient_id).values_list("pk", flat=True))
    for pk in keys:
        revoke_liens(but=LIEN_HEURE, objet_id=pk)
    forget_for(cpts_id=cpts_id, objet_ids=keys)
    return DemandeSoin.objects.filter(pk__in=keys).update(usuel=None)


def erase_rendez_vous(*, cpts_id: UUID, patient_id: UUID) -> int:
    """The same of the appointments: those to come leave their slot to somebody else, messages are emptied, and the
    reason of a derogation, which is free text."""
    close_rendez_vous(cpts_id=cpts_id, patient_id=patient_id, by=SYSTEME)
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
    """Their appointments to come are cancelled, without a message to them, and the slots offered again; who expected
    them hears of the hour, not of the name."""
    own = RendezVous.objects.filter(
        cpts_id=cpts_id, patient_id=patient_id, etat=EtatRendezVous.CONFIRME, creneau__debut__gt=now()
    )
    rows = list(
        own.select_related("creneau__lieu", "creneau__cpts").order_by("creneau__professionnel_id", "creneau_id")
    )
    for rendez_vous in rows:
        cancel(rendez_vous=rendez_vous, motif=MotifAnnulation.PATIENT, by=by)
        cancel_for(cpts_id=cpts_id, objet_id=rendez_vous.pk)
    courriels = find_courriels({row.creneau.professionnel_id for row in rows}, cpts_id=cpts_id)
    for rendez_vous in rows:
        if adresse := courriels.get(rendez_vous.creneau.professionnel_id):
            RendezVousLibere(rendez_vous.creneau).queue(to=adresse, occasion=str(rendez_vous.pk))
    return len(rows)
