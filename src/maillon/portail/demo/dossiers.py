"""One pack of the demonstration, ready and sent: the CPAM and the ARS read it."""

from datetime import datetime

from maillon.pilotage.arretes.models import Arrete
from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.dossiers.services import (
    finish_dossier,
    freeze_matiere,
    produce_piece,
    request_dossier,
    transmit_dossier,
)
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME


def send_dossier(contrat: Contrat, *, now: datetime) -> None:
    """Make the pack of the last sealed period, without waiting for the worker, and send it."""
    with use_cpts(contrat.cpts_id), horloge.at(now):
        arrete = Arrete.objects.en_vigueur().filter(contrat=contrat).order_by("-annee", "-fin").first()
        dossier = request_dossier(contrat=contrat, arrete=arrete, by=SYSTEME)
        for genre in freeze_matiere(dossier_id=dossier.pk):
            produce_piece(dossier_id=dossier.pk, genre=genre)
        transmit_dossier(dossier=finish_dossier(dossier_id=dossier.pk), by=SYSTEME)
