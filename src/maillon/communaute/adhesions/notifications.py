"""Mails to applicants, invited professionals and members."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel
from maillon.socle.cpts.models import Cpts
from maillon.socle.ui.typographie import format_date, format_euros

from .models import Campagne, Candidature, Cotisation, Reglement

LIEN_INVITATION = "adhesions.invitation"


def absolute(url_name: str, *args: Any) -> str:
    """The full address of a page, as a mail carries it."""
    return settings.MAILLON_ADRESSE + reverse(url_name, args=args)


class CourrielCandidature(Courriel):
    """About an application: signs with the community's name and telephone."""

    @classmethod
    def for_candidature(cls, candidature: Candidature, cpts: Cpts, *, jeton: str = "") -> Self:
        contexte = {
            "cpts": cpts,
            "candidature": candidature,
            "decidee_le": format_date(candidature.decidee_le, jour=False) if candidature.decidee_le else "",
            "lien": absolute("adhesions_invitation", jeton) if jeton else "",
        }
        return cls(cpts_id=cpts.pk, objet_id=candidature.pk, contexte=contexte)


class AccuseCandidature(CourrielCandidature):
    sujet: ClassVar[str] = "Votre candidature est bien arrivée"
    gabarit: ClassVar[str] = "adhesions/courriels/accuse.txt"


class InvitationAdhesion(CourrielCandidature):
    sujet: ClassVar[str] = "Rejoindre la communauté professionnelle de votre territoire"
    gabarit: ClassVar[str] = "adhesions/courriels/invitation.txt"


class CandidatureAcceptee(CourrielCandidature):
    sujet: ClassVar[str] = "Vous êtes membre de la communauté"
    gabarit: ClassVar[str] = "adhesions/courriels/acceptee.txt"


class CandidatureRefusee(CourrielCandidature):
    sujet: ClassVar[str] = "Votre candidature"
    gabarit: ClassVar[str] = "adhesions/courriels/refusee.txt"


class DecisionAnnulee(CourrielCandidature):
    sujet: ClassVar[str] = "Votre candidature : rectificatif"
    gabarit: ClassVar[str] = "adhesions/courriels/annulee.txt"


class RecuCotisation(Courriel):
    sujet: ClassVar[str] = "Votre reçu de cotisation"
    gabarit: ClassVar[str] = "adhesions/courriels/recu.txt"

    @classmethod
    def for_reglement(cls, reglement: Reglement, cpts: Cpts, campagne: Campagne, jeton: str) -> Self:
        contexte = {
            "cpts": cpts,
            "annee": campagne.annee,
            "reference": reglement.reference,
            "montant": format_euros(reglement.montant),
            "lien": absolute("adhesions_lien_recu", jeton),
        }
        return cls(cpts_id=cpts.pk, objet_id=reglement.pk, contexte=contexte)


class RappelCotisation(Courriel):
    """One step of the ladder, from the announcement to the last reminder."""

    sujet: ClassVar[str] = "Votre cotisation"
    gabarit: ClassVar[str] = "adhesions/courriels/rappel.txt"

    @classmethod
    def for_cotisation(cls, cotisation: Cotisation, cpts: Cpts, palier: int) -> Self:
        campagne = cotisation.campagne
        contexte = {
            "cpts": cpts,
            "annee": campagne.annee,
            "montant": format_euros(cotisation.montant),
            "echeance": format_date(campagne.echeance, jour=False),
            "consigne": campagne.consigne,
            "avant": palier < 0,
            "jour_meme": palier == 0,
            "dernier": palier > 0 and palier == max(campagne.paliers),
        }
        return cls(cpts_id=cpts.pk, objet_id=cotisation.pk, contexte=contexte)
