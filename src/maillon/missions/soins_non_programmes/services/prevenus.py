"""Those whose appointment falls: told, kept on, or all cancelled at once."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import Chute, MotifAnnulation
from ..models import RendezVous
from ..selectors.chutes import find_chutes
from .suites_rendez_vous import cancel
from .verrous import enter, lock_rendez_vous


@transaction.atomic
def note_prevenu(*, rendez_vous: RendezVous, by: Acteur, fait: bool = True) -> RendezVous:
    """What was to do is done: the person was told, or the professional receives them all the same. `fait` false takes
    it back. Saying the same again changes nothing."""
    with enter(rendez_vous.creneau):
        rendez_vous = lock_rendez_vous(rendez_vous.pk)
        if (rendez_vous.prevenu_le is not None) == fait:
            return rendez_vous
        rendez_vous.prevenu_le = now() if fait else None
        rendez_vous.save(update_fields=["prevenu_le"])
        journal.record("soins.rendez_vous_prevenu" if fait else "soins.rendez_vous_a_prevenir", rendez_vous, by=by)
        return rendez_vous


@dataclass(frozen=True, slots=True)
class Annulations:
    """How many appointments were cancelled, and of how many people no message could be sent."""

    faites: int
    a_appeler: int


@transaction.atomic
def cancel_chutes(*, cpts_id: UUID, professionnel_id: UUID, by: Acteur) -> Annulations:
    """Cancel all the appointments of a professional that fall; who left a mobile number or an address is told, the
    others stay in the list of those to call."""
    falling = [pk for pk, chute in find_chutes(cpts_id, by).items() if chute is not Chute.ANNULE]
    rows = RendezVous.objects.filter(pk__in=falling, creneau__professionnel=professionnel_id)
    done = [
        cancel(rendez_vous=row, motif=MotifAnnulation.PROFESSIONNEL, by=by, rouvrir=False).pk
        for row in rows.select_related("creneau__lieu", "creneau__cpts").order_by("creneau_id")
    ]
    left = find_chutes(cpts_id, by)
    return Annulations(len(done), sum(pk in left for pk in done))
