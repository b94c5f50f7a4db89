"""What the directory says on home pages."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Alerte
from maillon.socle.droits.acteur import Acteur
from maillon.socle.ui.typographie import compter

from .permissions import GERER, VOIR
from .selectors.fiches import list_attentes


def list_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Differences that wait: one's own, and all of them for who keeps the sheets."""
    gerer = acteur.can(GERER)
    if not acteur.can(VOIR) or not (gerer or acteur.rpps):
        return []
    attentes = list_attentes(cpts_id)
    siennes = [d for d in attentes if d.correction.professionnel.rpps == acteur.rpps]
    if not (attentes if gerer else siennes):
        return []
    slug = Cpts.objects.values_list("slug", flat=True).get(pk=cpts_id)
    if siennes:
        return [
            Alerte(
                "attend",
                f"L’annuaire national a changé votre {siennes[0].libelle} : gardez l’un ou l’autre.",
                reverse("annuaire_fiche", args=[slug, acteur.rpps]),
                nombre=len(siennes),
            )
        ]
    phrase = f"{compter(len(attentes), 'différence')} avec l’annuaire national à trancher."
    return [Alerte("attend", phrase, reverse("annuaire_imports", args=[slug]), nombre=len(attentes))]
