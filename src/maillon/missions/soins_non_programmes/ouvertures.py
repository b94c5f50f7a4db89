"""An opening as the rule reads it."""

from maillon.regles.horaires import Ouverture

from .enums import Feries
from .models import Plage, Reglages


def to_ouverture(plage: Plage, reglages: Reglages) -> Ouverture:
    """The facts of an opening; on holidays it does what it says, else what the community decided."""
    ouvert = plage.feries == Feries.OUVERT or (plage.feries == Feries.COMMUNAUTE and reglages.ouvert_les_feries)
    return Ouverture(
        jour=plage.jour,
        de=plage.de,
        a=plage.a,
        duree=plage.duree,
        regle=plage.regle,
        jusque=plage.jusque,
        sauf=frozenset(plage.sauf),
        ouvert_feries=ouvert,
    )
