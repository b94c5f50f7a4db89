"""The mail by which professionals are asked to open slots on an afternoon without anybody. No patient is spoken of."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel
from maillon.socle.cpts.models import Cpts

from .selectors.alertes_chiffres import say_blanc
from .selectors.promesses import Blanc


class OuvertureDemandee(Courriel):
    """To one professional; the link leads to the page where slots are opened in one touch."""

    sujet: ClassVar[str] = "Pouvez-vous ouvrir des créneaux\u00a0?"
    gabarit: ClassVar[str] = "soins_non_programmes/courriels/ouverture_demandee.txt"

    def __init__(self, *, cpts: Cpts, blanc: Blanc, professionnel_id: UUID) -> None:
        lien = settings.MAILLON_ADRESSE + reverse("soins_mes_creneaux", args=[cpts.slug])
        super().__init__(
            cpts_id=cpts.pk,
            objet_id=professionnel_id,
            contexte={"cpts": cpts, "phrase": say_blanc(blanc), "lien": lien},
        )
