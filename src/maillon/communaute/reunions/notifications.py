"""Mails of meetings: what, when, where, and the personal link of who is written to."""

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel

from .models import Participation, Reunion


def absolute(url_name: str, **kwargs: Any) -> str:
    """The full address of a page, as a mail carries it."""
    return settings.MAILLON_ADRESSE + reverse(f"reunions:{url_name}", kwargs=kwargs)


class CourrielReunion(Courriel):
    """A mail about one meeting to one person, under the name of the community."""

    def __init__(self, reunion: Reunion, participation: Participation, **contexte: Any) -> None:
        super().__init__(
            cpts_id=reunion.cpts_id,
            objet_id=reunion.pk,
            contexte={"cpts": reunion.cpts, "reunion": reunion, "personne": participation.personne, **contexte},
        )


class SondageDate(CourrielReunion):
    sujet: ClassVar[str] = "Choisissons la date d’une réunion"
    gabarit: ClassVar[str] = "reunions/courriels/sondage.txt"


class RelanceSondage(CourrielReunion):
    sujet: ClassVar[str] = "Rappel : vos disponibilités pour une réunion"
    gabarit: ClassVar[str] = "reunions/courriels/sondage.txt"


class ConvocationReunion(CourrielReunion):
    sujet: ClassVar[str] = "Convocation à une réunion"
    gabarit: ClassVar[str] = "reunions/courriels/convocation.txt"


class InvitationReunion(CourrielReunion):
    sujet: ClassVar[str] = "Invitation à une réunion"
    gabarit: ClassVar[str] = "reunions/courriels/convocation.txt"


class RelanceReunion(CourrielReunion):
    sujet: ClassVar[str] = "Rappel : venez-vous à cette réunion ?"
    gabarit: ClassVar[str] = "reunions/courriels/convocation.txt"


class ReunionModifiee(CourrielReunion):
    sujet: ClassVar[str] = "Une réunion a changé : date, heure ou lieu"
    gabarit: ClassVar[str] = "reunions/courriels/convocation.txt"


class ReunionAnnulee(CourrielReunion):
    sujet: ClassVar[str] = "Une réunion est annulée"
    gabarit: ClassVar[str] = "reunions/courriels/annulation.txt"
