"""Mails after the convocation: the link of attendance, the minutes to approve and approved, the task that is due."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.services import Courriel
from maillon.socle.cpts.models import Cpts
from maillon.socle.ui.typographie import format_date, format_date_heure

from .models import CompteRendu, Participation, Reunion, Tache


def absolute(url_name: str, **kwargs: Any) -> str:
    """The full address of a page, as a mail carries it."""
    return settings.MAILLON_ADRESSE + reverse(f"reunions:{url_name}", kwargs=kwargs)


class CourrielSuite(Courriel):
    """A mail about a meeting, with one link."""

    def __init__(self, *, cpts: Cpts, objet_id: Any, lien: str, reunion: Reunion, **contexte: Any) -> None:
        contexte |= {"cpts": cpts, "lien": lien, "reunion": reunion, "quand": format_date_heure(reunion.debut)}
        super().__init__(cpts_id=cpts.pk, objet_id=objet_id, contexte=contexte)


class LienPresence(CourrielSuite):
    sujet: ClassVar[str] = "Votre lien de présence à une réunion"
    gabarit: ClassVar[str] = "reunions/courriels/lien_presence.txt"

    @classmethod
    def for_participation(cls, participation: Participation, jeton: str) -> Self:
        reunion = participation.reunion
        lien = absolute("lien_presence", jeton=jeton)
        return cls(cpts=reunion.cpts, objet_id=participation.pk, lien=lien, reunion=reunion)


class ApprobationDemandee(CourrielSuite):
    sujet: ClassVar[str] = "Un compte rendu attend votre approbation"
    gabarit: ClassVar[str] = "reunions/courriels/approbation.txt"

    @classmethod
    def for_compte_rendu(cls, compte_rendu: CompteRendu) -> Self:
        reunion = compte_rendu.reunion
        lien = absolute("compte_rendu", slug=reunion.cpts.slug, pk=reunion.pk)
        return cls(cpts=reunion.cpts, objet_id=compte_rendu.pk, lien=lien, reunion=reunion)


class CompteRenduValide(CourrielSuite):
    sujet: ClassVar[str] = "Le compte rendu d’une réunion est validé"
    gabarit: ClassVar[str] = "reunions/courriels/compte_rendu.txt"

    @classmethod
    def for_participation(cls, participation: Participation, jeton: str) -> Self:
        reunion = participation.reunion
        lien = absolute("lien_compte_rendu", jeton=jeton)
        return cls(cpts=reunion.cpts, objet_id=participation.pk, lien=lien, reunion=reunion)


class RappelTache(CourrielSuite):
    sujet: ClassVar[str] = "Une tâche vous attend"
    gabarit: ClassVar[str] = "reunions/courriels/tache.txt"

    @classmethod
    def for_tache(cls, tache: Tache, *, le: date) -> Self:
        lien = absolute("mes_taches", slug=tache.cpts.slug)
        return cls(
            cpts=tache.cpts,
            objet_id=tache.pk,
            lien=lien,
            reunion=tache.reunion,
            tache=tache,
            avant=format_date(tache.echeance),
            retard=tache.echeance < le,
        )
