"""A doctor falls ill: the people they expected are to be told (« À prévenir »)."""

from collections import Counter

from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import EtatRendezVous
from maillon.missions.soins_non_programmes.models import RendezVous
from maillon.socle import horloge
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import local_day

# The doctor of the demonstration's own account stays at work.
PRESENTE = "Chavanne"


def withdraw_a_day(cpts: Cpts, by: Acteur) -> None:
    """The day on which one professional expects most people, taken back by the desk on the telephone."""
    rows = RendezVous.objects.filter(cpts=cpts, etat=EtatRendezVous.CONFIRME, creneau__debut__gt=horloge.now())
    rows = rows.exclude(creneau__professionnel__nom=PRESENTE).order_by("creneau__debut")
    attendus = Counter(
        (pk, local_day(debut)) for pk, debut in rows.values_list("creneau__professionnel", "creneau__debut")
    )
    for (professionnel_id, jour), _ in attendus.most_common(1):
        services.withdraw_jour(cpts=cpts, professionnel_id=professionnel_id, jour=jour, by=by)
