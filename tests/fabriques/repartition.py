"""Assignments of the waiting list: call inside `use_cpts(cpts.pk)`.

repartition = make_repartition(guichet)                  # computed, to be reviewed
ligne = line_of(repartition, demande)
"""

from typing import Any

from fabriques.medecin_traitant import Guichet
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.models import Demande, LigneRepartition, Repartition

PARAMETRES = {"niveaux": "toutes", "minutes_max": 45, "reserve": 0, "medecins": 1, "par_vague": 1, "jours": 5}


def make_repartition(guichet: Guichet, *, calculee: bool = True, **parametres: Any) -> Repartition:
    """A run launched by the desk, computed unless said otherwise; `parametres` replace the default options."""
    repartition = services.launch_repartition(
        cpts=guichet.cpts, parametres={**PARAMETRES, **parametres}, by=guichet.acteur
    )
    if calculee:
        services.compute_repartition(repartition_id=repartition.pk)
        repartition.refresh_from_db()
    return repartition


def line_of(repartition: Repartition, demande: Demande) -> LigneRepartition:
    """The line of a request in a run."""
    return repartition.lignes.get(demande=demande)


def send(guichet: Guichet, repartition: Repartition) -> None:
    """Send a whole run, as the job does."""
    services.send_repartition(repartition_id=repartition.pk, by=guichet.acteur)
    while services.send_lot(repartition_id=repartition.pk):
        pass
    repartition.refresh_from_db()
