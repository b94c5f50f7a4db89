"""Mails of pay."""

from typing import ClassVar
from uuid import UUID

from maillon.communaute.personnes.models import Personne
from maillon.socle.courriels.services import Courriel


class LienDeclaration(Courriel):
    """To somebody without an account: a link to declare what they took part in."""

    sujet: ClassVar[str] = "Déclarez vos participations"
    gabarit: ClassVar[str] = "indemnites/courriels/lien_declaration.txt"

    @classmethod
    def for_personne(cls, personne: Personne, lien: str) -> "LienDeclaration":
        return cls(
            cpts_id=personne.cpts_id,
            objet_id=personne.pk,
            contexte={"cpts": personne.cpts, "prenom": personne.prenom, "lien": lien},
        )


class CompteChange(Courriel):
    """To the person whose bank account somebody else just changed: neither the former number nor the new one."""

    sujet: ClassVar[str] = "Votre compte bancaire a été changé"
    gabarit: ClassVar[str] = "indemnites/courriels/compte_change.txt"

    @classmethod
    def for_personne(cls, personne: Personne, *, lien: str, objet_id: UUID) -> "CompteChange":
        return cls(
            cpts_id=personne.cpts_id,
            objet_id=objet_id,
            contexte={"cpts": personne.cpts, "prenom": personne.prenom, "lien": lien},
        )
