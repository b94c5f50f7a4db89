"""Mails of rosters: a link, never who is on duty when."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel
from maillon.socle.cpts.models import Cpts

from .models import Participant, Tableau


def absolute(url_name: str, **kwargs: Any) -> str:
    """The full address of a page, as a mail carries it."""
    return settings.MAILLON_ADRESSE + reverse(url_name, kwargs=kwargs)


class CourrielGarde(Courriel):
    """A mail about rosters, under the name of the community."""

    def __init__(self, *, cpts: Cpts, objet_id: UUID, lien: str, **contexte: Any) -> None:
        super().__init__(cpts_id=cpts.pk, objet_id=objet_id, contexte={"cpts": cpts, "lien": lien, **contexte})


class DemandeVoeux(CourrielGarde):
    sujet: ClassVar[str] = "Gardes : dites vos disponibilités"
    gabarit: ClassVar[str] = "gardes/courriels/voeux.txt"

    def __init__(self, tableau: Tableau, participant: Participant, *, lien: str) -> None:
        super().__init__(
            cpts=tableau.cpts,
            objet_id=participant.pk,
            lien=lien,
            personne=participant.personne,
            avant_le=tableau.voeux_avant,
        )


class RappelVoeux(DemandeVoeux):
    sujet: ClassVar[str] = "Rappel : vos disponibilités pour les gardes"


class TableauPublie(CourrielGarde):
    sujet: ClassVar[str] = "Vos gardes sont publiées"
    gabarit: ClassVar[str] = "gardes/courriels/publie.txt"


class GardesModifiees(CourrielGarde):
    sujet: ClassVar[str] = "Vos gardes ont changé"
    gabarit: ClassVar[str] = "gardes/courriels/modifie.txt"


class EchangePropose(CourrielGarde):
    sujet: ClassVar[str] = "Un collègue vous propose une garde"
    gabarit: ClassVar[str] = "gardes/courriels/echange.txt"


class EchangeRepondu(CourrielGarde):
    sujet: ClassVar[str] = "Réponse à votre échange de garde"
    gabarit: ClassVar[str] = "gardes/courriels/repondu.txt"


class GardeAReprendre(CourrielGarde):
    """To the community: somebody gave up a duty, which is open."""

    sujet: ClassVar[str] = "Une garde n’est plus tenue"
    gabarit: ClassVar[str] = "gardes/courriels/a_reprendre.txt"


class PassationEcrite(CourrielGarde):
    sujet: ClassVar[str] = "Une passation vous attend avant votre garde"
    gabarit: ClassVar[str] = "gardes/courriels/passation.txt"


class GardeProposee(CourrielGarde):
    """A call for volunteers, by the cascade."""

    sujet: ClassVar[str] = "Une garde est à prendre"
    gabarit: ClassVar[str] = "gardes/courriels/volontaires.txt"

    def __init__(self, *, cpts: Cpts, objet_id: UUID, lien: str, avant_le: datetime | None = None) -> None:
        super().__init__(cpts=cpts, objet_id=objet_id, lien=lien, avant_le=avant_le)


class RappelGarde(GardeProposee):
    sujet: ClassVar[str] = "Rappel : une garde est à prendre"
