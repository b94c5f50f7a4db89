"""All the free slots of one professional, when the search shows the first of them."""

from itertools import groupby
from uuid import UUID

from maillon.socle.droits.acteur import Acteur

from ..models import Creneau
from .recherche import Filtres, Offre, Trouvaille, window


def list_offres_of(professionnel_id: UUID, filtres: Filtres, *, for_acteur: Acteur, fuseau: str) -> Trouvaille:
    """Over the days asked, by place. One query."""
    start, end = window(filtres.quand, fuseau)
    rows = Creneau.objects.visible_to(for_acteur).libres()
    rows = rows.filter(professionnel=professionnel_id, debut__gt=start, debut__lt=end)
    if filtres.modalite:
        rows = rows.filter(modalite=filtres.modalite)
    found = list(rows.select_related("professionnel", "lieu__commune", "cpts").order_by("lieu_id", "debut"))
    offres = []
    for _, groupe in groupby(found, key=lambda creneau: creneau.lieu_id):
        creneaux = tuple(groupe)
        premier = creneaux[0]
        offres.append(Offre(premier.professionnel, premier.lieu, premier.cpts, creneaux, autres=0, minutes=None))
    return Trouvaille(tuple(offres), len(found))
