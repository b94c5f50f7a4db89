"""What the outbox offers to upper rooms: its menu, its alert, its event."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Alerte, EntreeMenu, SourceAlertes
from maillon.socle.droits.acteur import Acteur

from .models import Etat
from .permissions import SUIVRE
from .selectors import count_unsettled


def get_alertes(cpts_id: UUID, acteur: Acteur, moment: datetime) -> list[Alerte]:
    """Messages that a person must look at: somebody waits for a mail that may never come."""
    count = count_unsettled(cpts_id=cpts_id)
    if not count:
        return []
    slug = Cpts.objects.values_list("slug", flat=True).get(pk=cpts_id)
    sentence = (
        "1 courriel n’est pas arrivé à coup sûr" if count == 1 else f"{count} courriels ne sont pas arrivés à coup sûr"
    )
    return [Alerte("attend", sentence, f"{reverse('courriels', args=(slug,))}?etat={Etat.ECHEC}", nombre=count)]


MENU = (EntreeMenu("Courriels", "courriels", "mail", "Communauté", permission=SUIVRE, ordre=80),)
ALERTES = (SourceAlertes(get_alertes, SUIVRE),)
EVENEMENTS = (("courriels.renvoye", "Courriel renvoyé"),)
