"""Mails and SMS of unscheduled care: a place, a day, an hour, a telephone number, a link. Never who comes, nor why."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel, Sms
from maillon.socle.cpts.models import Cpts

from .gabarits import ANNULE_COURRIEL, ANNULE_SMS
from .models import Creneau


def absolute(url_name: str, *args: Any) -> str:
    """The full address of a page, as a message carries it."""
    return settings.MAILLON_ADRESSE + reverse(f"soins_{url_name}", args=args)


def describe(creneau: Creneau, lien: str) -> dict[str, Any]:
    """What a patient is told of an appointment, by the clock of its community."""
    lieu, cpts = creneau.lieu, creneau.cpts
    return {
        "cpts": cpts,
        "lieu": lieu,
        "modalite": creneau.modalite,
        "debut": creneau.debut.astimezone(ZoneInfo(cpts.fuseau)).replace(tzinfo=None),
        "telephone": lieu.telephone or cpts.telephone,
        "lien": lien,
    }


class AuPatient(Courriel):
    """About one appointment, to whom it is for."""

    def __init__(self, *, rendez_vous_id: UUID, creneau: Creneau, lien: str = "") -> None:
        super().__init__(cpts_id=creneau.cpts_id, objet_id=rendez_vous_id, contexte=describe(creneau, lien))


class RendezVousDonne(AuPatient):
    sujet: ClassVar[str] = "Votre rendez-vous"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/rendez_vous_donne.txt"


class RappelRendezVous(AuPatient):
    sujet: ClassVar[str] = "Rappel de votre rendez-vous"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/rappel.txt"


class RendezVousAnnule(AuPatient):
    sujet: ClassVar[str] = "Votre rendez-vous est annulé"
    gabarit: ClassVar[str] = ANNULE_COURRIEL


class SmsDonne(Sms, AuPatient):
    sujet: ClassVar[str] = "SMS\u00a0: votre rendez-vous"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/sms_donne.txt"


class SmsRappel(Sms, AuPatient):
    sujet: ClassVar[str] = "SMS\u00a0: rappel de votre rendez-vous"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/sms_rappel.txt"


class SmsAnnule(Sms, AuPatient):
    sujet: ClassVar[str] = "SMS\u00a0: votre rendez-vous est annulé"
    gabarit: ClassVar[str] = ANNULE_SMS


class RendezVousLibere(Courriel):
    """To who expected a person that the community knows no longer. About the slot: what is written of the appointment
    goes with the person."""

    sujet: ClassVar[str] = "Un rendez-vous de votre agenda est annulé"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/rendez_vous_libere.txt"

    def __init__(self, creneau: Creneau) -> None:
        lien = absolute("mes_creneaux", creneau.cpts.slug)
        super().__init__(cpts_id=creneau.cpts_id, objet_id=creneau.pk, contexte=describe(creneau, lien))


class CourrielSoins(Courriel):
    """To a professional, or to the desk: a link and a date."""

    def __init__(self, *, cpts: Cpts, objet_id: UUID, lien: str, avant_le: datetime | None = None) -> None:
        local = avant_le.astimezone(ZoneInfo(cpts.fuseau)).replace(tzinfo=None) if avant_le else None
        super().__init__(cpts_id=cpts.pk, objet_id=objet_id, contexte={"cpts": cpts, "lien": lien, "avant_le": local})


class DemandeProposee(CourrielSoins):
    sujet: ClassVar[str] = "Une personne a besoin d’un soin aujourd’hui"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/demande_proposee.txt"


class HeureADonner(CourrielSoins):
    """To the professional who accepted: when may the person come?"""

    sujet: ClassVar[str] = "Vous avez accepté\u00a0: dites à quelle heure"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/heure_a_donner.txt"


class AcceptationFinie(CourrielSoins):
    """To the professional who accepted and is no longer needed."""

    sujet: ClassVar[str] = "La personne que vous aviez acceptée a une autre réponse"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/acceptation_finie.txt"


class DemandeEscaladee(CourrielSoins):
    """To the desk: nobody could, it is its turn."""

    sujet: ClassVar[str] = "Une demande de soin attend une réponse de votre part"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/demande_escaladee.txt"


class DemandeRepondue(CourrielSoins):
    """To who filed the request: it has its answer."""

    sujet: ClassVar[str] = "Votre demande de soin a reçu une réponse"
    gabarit: ClassVar[str] = "soins_non_programmes/messages/demande_repondue.txt"
