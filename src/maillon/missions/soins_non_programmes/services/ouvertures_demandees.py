"""Ask professionals to open slots where nobody is there yet."""

from django.db import transaction

from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from ..messages_ouverture import OuvertureDemandee
from ..models import ActionRefusee
from ..selectors.promesses import EVENEMENT, Blanc, find_blancs, find_sollicitables


def find_blanc(cpts: Cpts, cle: str) -> Blanc:
    """The blank of this key, as it stands; ActionRefusee when somebody opened slots meanwhile."""
    found = next((blanc for blanc in find_blancs(cpts) if blanc.cle == cle), None)
    if found is None:
        raise ActionRefusee("Quelqu’un a ouvert des créneaux entre-temps\u00a0: il n’y a plus rien à demander.")
    return found


@transaction.atomic
def ask_ouverture(*, cpts: Cpts, cle: str, by: Acteur) -> int:
    """Write to those who could open slots on this blank; returns to how many. Nobody is written to twice for one
    afternoon. Raises ActionRefusee when the blank is filled, or nobody is left to ask."""
    blanc = find_blanc(cpts, cle)
    gens = find_sollicitables(cpts.pk, [blanc])[blanc.cle]
    ecrits = sum(
        OuvertureDemandee(cpts=cpts, blanc=blanc, professionnel_id=gen.professionnel.pk).queue(
            to=gen.courriel, occasion=blanc.cle
        )
        is not None
        for gen in gens
    )
    if not ecrits:
        raise ActionRefusee(
            "Il n’y a plus personne à qui le demander\u00a0: tous ont déjà reçu ce message, ou sont pris."
        )
    journal.record(EVENEMENT, cpts, by=by, cpts_id=cpts.pk, blanc=blanc.cle, nombre=ecrits)
    return ecrits
