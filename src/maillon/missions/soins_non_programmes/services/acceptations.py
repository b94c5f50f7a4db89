"""What an acceptance opens, the link and the identity, and shuts when somebody else receives the person."""

from maillon.communaute.patients.models import RelationSoin
from maillon.communaute.patients.services import close_relation
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.services import revoke_liens

from ..models import DemandeSoin, RendezVous

LIEN_HEURE = "soins.heure"
MOTIF_RELATION = "soins non programmés"


def forget_acceptance(demande: DemandeSoin, by: Acteur) -> None:
    """Nobody has it any more: the link closes, and the identity that the acceptance alone had opened, unless this
    professional receives, or received, the person. The caller saves the request."""
    revoke_liens(but=LIEN_HEURE, objet_id=demande.pk)
    professionnel, demande.accepte_par = demande.accepte_par, None
    if professionnel is None:
        return
    patient = demande.patient
    opened = RelationSoin.objects.filter(patient=patient, rpps=professionnel.rpps, jusque=None, motif=MOTIF_RELATION)
    received = RendezVous.objects.pris().filter(patient=patient, creneau__professionnel=professionnel)
    if opened.exists() and not received.exists():
        close_relation(patient=patient, rpps=professionnel.rpps, by=by)
