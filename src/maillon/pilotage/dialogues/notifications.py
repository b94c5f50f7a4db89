"""Mails of a dialogue: never a figure, only a link."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel

from .models import Dialogue


class _CourrielAgent(Courriel):
    """To an agent of the CPAM or the ARS: the community's name and a link."""

    def __init__(self, dialogue: Dialogue, **contexte: Any) -> None:
        lien = settings.MAILLON_ADRESSE + reverse("dialogues:territoire_fiche", args=[dialogue.pk])
        super().__init__(
            cpts_id=dialogue.cpts_id,
            objet_id=dialogue.pk,
            contexte={"cpts": dialogue.cpts, "lien": lien, **contexte},
        )


class DossierTransmis(_CourrielAgent):
    sujet: ClassVar[str] = "Un dialogue de gestion vous est transmis"
    gabarit: ClassVar[str] = "dialogues/courriels/transmis.txt"


class ReponseDonnee(_CourrielAgent):
    sujet: ClassVar[str] = "La communauté a répondu à votre avis"
    gabarit: ClassVar[str] = "dialogues/courriels/reponse.txt"
