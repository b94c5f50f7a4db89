"""What a simulation replays: who asked for what when, and the slots that were open, on the community's clock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from maillon.regles.simulation_soins import Arrivee, Place

from .calculs import get_fuseau
from .indicateurs import list_creneaux
from .periodes import Periode
from .tensions import list_demandes, list_directs


@dataclass(frozen=True, slots=True)
class Matiere:
    """Requests and slots of a past period."""

    arrivees: list[Arrivee]
    places: list[Place]


def read_matiere(cpts_id: UUID, periode: Periode) -> Matiere:
    """The requests of a period and its bookable slots; constant queries. No patient is read."""
    fuseau = get_fuseau(cpts_id)

    def on_clock(moment: datetime) -> datetime:
        return moment.astimezone(fuseau).replace(tzinfo=None)

    demandes = list_demandes(cpts_id, periode, fuseau).order_by().values_list("deposee_le", "profession")
    directs = list_directs(cpts_id, periode, fuseau).order_by().values_list("pris_le", "creneau__profession")
    creneaux = list_creneaux(cpts_id, periode.debut, periode.fin).filter(reservable=True)
    return Matiere(
        [Arrivee(on_clock(moment), profession) for moment, profession in (*demandes, *directs)],
        [
            Place(on_clock(debut), profession)
            for debut, profession in creneaux.order_by().values_list("debut", "profession")
        ],
    )
