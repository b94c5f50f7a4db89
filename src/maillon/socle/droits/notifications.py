"""Mail about access to a community."""

from typing import Self

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel

from .models import Membre

INVITATION = "droits.invitation"


class Invitation(Courriel):
    """To a person without an account yet: the link where the password is chosen."""

    sujet = "Votre accès à Maillon"
    gabarit = "droits/courriels/invitation.txt"

    @classmethod
    def for_membre(cls, membre: Membre, jeton: str) -> Self:
        lien = f"{settings.MAILLON_ADRESSE}{reverse('invitation', args=[jeton])}"
        contexte = {"cpts": membre.cpts, "prenom": membre.compte.prenom, "lien": lien}
        return cls(cpts_id=membre.cpts_id, objet_id=membre.pk, contexte=contexte)


class AccesDonne(Courriel):
    """To a person who already has an account."""

    sujet = "Un nouvel accès dans Maillon"
    gabarit = "droits/courriels/acces_donne.txt"

    @classmethod
    def for_membre(cls, membre: Membre) -> Self:
        lien = f"{settings.MAILLON_ADRESSE}/c/{membre.cpts.slug}/"
        contexte = {"cpts": membre.cpts, "prenom": membre.compte.prenom, "lien": lien}
        return cls(cpts_id=membre.cpts_id, objet_id=membre.pk, contexte=contexte)
