"""What the SAS is told of bookings. One row a booking, that says what is still to be told; a job tells it."""

from django.conf import settings
from django.db import transaction

from maillon.missions.soins_non_programmes.enums import MotifAnnulation
from maillon.missions.soins_non_programmes.models import RendezVous
from maillon.socle.declarations import FaitRendezVous
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal.services import record
from maillon.socle.taches import enqueue

from ..enums import A_REGARDER, EtatEnvoi
from ..fhir.rendez_vous import STATUTS
from ..models import EnvoiSas
from ..selectors import find_operateur

TACHE = "api.envoyer_rendez_vous"


def follow_rendez_vous(rendez_vous: RendezVous, quoi: FaitRendezVous, by: Acteur) -> None:
    """Note that the SAS is to be told of a booking that a regulator gave, in the transaction that changes it.

    Nothing without the address of the SAS, nor of holds, nor of what no regulator gave. A move is a change of the same
    booking: its former half says nothing.
    """
    if not settings.MAILLON_SAS_URL or rendez_vous.etat not in STATUTS:
        return
    if quoi is FaitRendezVous.ANNULE and rendez_vous.motif_annulation == MotifAnnulation.DEPLACE:
        return
    known = rendez_vous.remplace_id if quoi is FaitRendezVous.DEPLACE else rendez_vous.pk
    envoi = EnvoiSas.objects.select_for_update().filter(rendez_vous_id=known).first()
    if envoi is None:
        if find_operateur(rendez_vous) is None:
            return
        envoi = EnvoiSas.objects.create(
            cpts_id=rendez_vous.cpts_id, rendez_vous=rendez_vous, identifiant=rendez_vous.pk
        )
    else:
        envoi.rendez_vous, envoi.version = rendez_vous, envoi.version + 1
        if envoi.etat != EtatEnvoi.EN_COURS:  # else who records the outcome finds it behind, and it leaves again
            envoi.etat, envoi.tentatives, envoi.erreur, envoi.prochain_essai_le = EtatEnvoi.A_ENVOYER, 0, "", None
        envoi.save(update_fields=["rendez_vous", "version", "etat", "tentatives", "erreur", "prochain_essai_le"])
    enqueue(TACHE, cpts_id=rendez_vous.cpts_id, envoi_id=str(envoi.pk))


@transaction.atomic
def resend(*, envoi: EnvoiSas, by: Acteur) -> bool:
    """Tell the SAS again, because a person decided so. False when there is nothing to send again."""
    again = EnvoiSas.objects.filter(pk=envoi.pk, etat__in=A_REGARDER)
    if not again.update(etat=EtatEnvoi.A_ENVOYER, tentatives=0, erreur="", prochain_essai_le=None):
        return False
    record("api.renvoye_au_sas", envoi, by=by)
    enqueue(TACHE, cpts_id=envoi.cpts_id, envoi_id=str(envoi.pk))
    return True
