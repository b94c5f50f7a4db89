"""An assignment of the waiting list that waits to be reviewed: fictitious people, computed by the true rule."""

from datetime import datetime, timedelta

from maillon.missions.medecin_traitant import services as guichet
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

from .activite import build_faits, file_fictive
from .communautes import Communaute

NOMBRE = 30
# Beyond those of the months replayed.
PREMIER_RANG = 2000
PARAMETRES = {"niveaux": "toutes", "minutes_max": 30, "reserve": 25, "medecins": 3, "par_vague": 1, "jours": 5}


def prepare_repartition(communaute: Communaute, *, now: datetime) -> None:
    """People who have waited up to three weeks, and the run that the desk computed this morning."""
    cpts = communaute.cpts
    with use_cpts(cpts.pk):
        for rang in range(NOMBRE):
            with horloge.at(now - timedelta(hours=2 + 11 * (NOMBRE - rang))):
                demande = file_fictive(communaute, PREMIER_RANG + rang).demande
            with horloge.at(now - timedelta(hours=1 + 11 * (NOMBRE - rang))):
                guichet.qualify_demande(demande_id=demande.pk, faits=build_faits(demande), by=SYSTEME)
        with horloge.at(now - timedelta(minutes=40)):
            repartition = guichet.launch_repartition(cpts=cpts, parametres=PARAMETRES, by=SYSTEME)
            guichet.compute_repartition(repartition_id=repartition.pk)
