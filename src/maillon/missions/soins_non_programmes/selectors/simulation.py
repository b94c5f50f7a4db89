"""What a simulation replays: who asked for what when, and the slots that were open, on the community's clock."""

from dataclasses import dataclass
from datetime import date, datetime

from maillon.regles.simulation_soins import Arrivee, Place
from maillon.socle.cpts.models import Cpts

from .indicateurs import list_creneaux
from .periodes import Periode
from .promesses import list_fermes
from .reglages import get_zone
from .tensions import list_demandes, list_directs


@dataclass(frozen=True, slots=True)
class Matiere:
    """Requests and slots of a past period."""

    arrivees: list[Arrivee]
    places: list[Place]
    jours: list[date]
    """Since the first request or slot of the period, without the holidays on which the community is closed: a change
    of the offer holds on these days."""


def read_matiere(cpts: Cpts, periode: Periode) -> Matiere:
    """The requests of a period and its bookable slots; constant queries. No patient is read."""
    fuseau = get_zone(cpts)

    def on_clock(moment: datetime) -> datetime:
        return moment.astimezone(fuseau).replace(tzinfo=None)

    demandes = list_demandes(cpts.pk, periode, fuseau).order_by().values_list("deposee_le", "profession")
    directs = list_directs(cpts.pk, periode, fuseau).order_by().values_list("pris_le", "creneau__profession")
    creneaux = list_creneaux(cpts.pk, periode.debut, periode.fin).filter(reservable=True)
    arrivees = [Arrivee(on_clock(moment), profession) for moment, profession in (*demandes, *directs)]
    places = [
        Place(on_clock(debut), profession)
        for debut, profession in creneaux.order_by().values_list("debut", "profession")
    ]
    premier = min((m.date() for m in (*(a.moment for a in arrivees), *(p.debut for p in places))), default=periode.fin)
    fermes = list_fermes(cpts, periode.debut, periode.fin)
    return Matiere(arrivees, places, [jour for jour in periode.jours if jour >= premier and jour not in fermes])
