"""Mails of the desk: never a patient's data, only a link and a date."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel
from maillon.socle.cpts.models import Cpts


def absolute(url_name: str, **kwargs: Any) -> str:
    """The full address of a page, as a mail carries it."""
    return settings.MAILLON_ADRESSE + reverse(f"medecin_traitant_{url_name}", kwargs=kwargs)


class CourrielGuichet(Courriel):
    """A mail of the desk of one community: signs with its name and telephone."""

    def __init__(self, *, cpts: Cpts, objet_id: UUID, lien: str, avant_le: datetime | None = None) -> None:
        super().__init__(
            cpts_id=cpts.pk, objet_id=objet_id, contexte={"cpts": cpts, "lien": lien, "avant_le": avant_le}
        )


class AccuseReception(CourrielGuichet):
    sujet: ClassVar[str] = "Votre demande est bien arrivée"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/accuse_reception.txt"


class DemandeProposee(CourrielGuichet):
    sujet: ClassVar[str] = "Une personne cherche un médecin traitant"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/demande_proposee.txt"


class RappelMedecin(CourrielGuichet):
    sujet: ClassVar[str] = "Rappel : une proposition attend votre réponse"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/rappel_medecin.txt"


class MedecinTrouve(CourrielGuichet):
    sujet: ClassVar[str] = "Votre demande a avancé : répondez par oui ou par non"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/medecin_trouve.txt"


class RechercheReprise(CourrielGuichet):
    """To the person who was asked for a yes or a no: that doctor is no longer the one; the search goes on."""

    sujet: ClassVar[str] = "Votre demande\u00a0: nous continuons de chercher"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/recherche_reprise.txt"


class RappelPatient(CourrielGuichet):
    sujet: ClassVar[str] = "Rappel : votre réponse est attendue"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/rappel_patient.txt"


class NouveauPatient(CourrielGuichet):
    sujet: ClassVar[str] = "Le patient a dit oui"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/nouveau_patient.txt"


class DemandeAvancee(CourrielGuichet):
    """To the person who follows the request at the desk: somebody answered."""

    sujet: ClassVar[str] = "Une demande que vous suivez a avancé"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/demande_avancee.txt"


class LienPartenaire(CourrielGuichet):
    """To a partner: the link by which it files requests."""

    sujet: ClassVar[str] = "Votre lien pour orienter une personne sans médecin traitant"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/lien_partenaire.txt"


class NouvellesDemandees(CourrielGuichet):
    """To the person, once a step after the placement: what became of it."""

    sujet: ClassVar[str] = "Avez-vous vu votre nouveau médecin ?"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/nouvelles_demandees.txt"


class NouvellesRappelees(CourrielGuichet):
    sujet: ClassVar[str] = "Rappel : donnez-nous de vos nouvelles"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/nouvelles_rappelees.txt"


class RecensementPlaces(CourrielGuichet):
    """To a doctor: how many new patients can you follow? Ten seconds, by the link."""

    sujet: ClassVar[str] = "Combien de nouveaux patients pouvez-vous suivre ?"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/recensement.txt"


class RappelRecensement(CourrielGuichet):
    sujet: ClassVar[str] = "Rappel : vos places pour de nouveaux patients"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/rappel_recensement.txt"


class DepartArrive(CourrielGuichet):
    """To the coordination: the day of a departure has come."""

    sujet: ClassVar[str] = "Le départ d’un médecin est arrivé à sa date"
    gabarit: ClassVar[str] = "medecin_traitant/courriels/depart_arrive.txt"
