"""The mail of the morning: a link, and nothing else."""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel
from maillon.socle.cpts.models import Cpts


def absolute(url_name: str, **kwargs: Any) -> str:
    """The full address of a page, as a mail carries it."""
    return settings.MAILLON_ADRESSE + reverse(f"soins_{url_name}", kwargs=kwargs)


class PlacesDuJour(Courriel):
    sujet: ClassVar[str] = "Combien de places aujourd’hui\u00a0?"
    gabarit: ClassVar[str] = "soins_non_programmes/courriels/places_du_jour.txt"

    def __init__(self, *, cpts: Cpts, objet_id: UUID, lien: str) -> None:
        super().__init__(cpts_id=cpts.pk, objet_id=objet_id, contexte={"cpts": cpts, "lien": lien})
