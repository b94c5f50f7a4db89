"""Mails of pay."""

from typing import ClassVar

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
