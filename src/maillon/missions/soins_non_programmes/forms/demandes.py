"""A request, and what is answered."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.horloge import now

from ..enums import PROFESSION_DU_BESOIN, Besoin, Delai, Modalite, Reponse
from ..models import LieuConsultation
from ..services import SaisieDemande
from .rendez_vous import IdentiteForm

FIN_DE_JOURNEE = time(20)
DEUX_HEURES = timedelta(hours=2)


class DemanderForm(IdentiteForm):
    """Twenty seconds: the person, what is needed, by when."""

    profession = forms.ChoiceField(label="Besoin de")
    delai = forms.ChoiceField(label="Réponse attendue", choices=Delai.choices, initial=Delai.DEUX_HEURES)
    modalite = forms.ChoiceField(label="Où", choices=Modalite.choices, initial=Modalite.CABINET)
    usuel = forms.ChoiceField(
        label="Son professionnel habituel", required=False, help_text="Il est sollicité d’abord, seul."
    )

    def __init__(
        self,
        *args: Any,
        professions: Sequence[tuple[str, str]],
        usuels: Sequence[Professionnel],
        fuseau: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["profession"].choices = professions
        champs["usuel"].choices = [("", "Je ne sais pas"), *((str(one.pk), str(one)) for one in usuels)]
        champs["courriel"].help_text = ""
        self.fuseau = fuseau

    @property
    def saisie(self) -> SaisieDemande:
        """What cleaned data ask for."""
        donnees = self.cleaned_data
        usuel = donnees["usuel"]
        return SaisieDemande(
            besoin=find_besoin(donnees["profession"]),
            profession=donnees["profession"],
            modalite=Modalite(donnees["modalite"]),
            commune_id=donnees["commune"],
            avant_le=find_limite(Delai(donnees["delai"]), self.fuseau),
            usuel_id=UUID(usuel) if usuel else None,
        )


def find_besoin(profession: str) -> Besoin:
    """The need that this profession answers."""
    return next((besoin for besoin, code in PROFESSION_DU_BESOIN.items() if code == profession), Besoin.AUTRE)


def find_limite(delai: Delai, fuseau: str) -> datetime:
    """The moment, by the clock of the community; never in less than an hour."""
    moment = now()
    if delai is Delai.DEUX_HEURES:
        return moment + DEUX_HEURES
    jour = moment.astimezone(ZoneInfo(fuseau)).date() + timedelta(days=delai is Delai.DEMAIN)
    return max(datetime.combine(jour, FIN_DE_JOURNEE, tzinfo=ZoneInfo(fuseau)), moment + timedelta(hours=1))


class RepondreForm(forms.Form):
    reponse = forms.ChoiceField(
        label="Ce qui a été répondu à la personne",
        choices=[
            ("", "Choisir"),
            *((r.value, r.label.capitalize()) for r in Reponse if r is not Reponse.RENDEZ_VOUS),
        ],
        error_messages={"required": "Dites ce qui a été répondu."},
    )


class HeureForm(forms.Form):
    """When, and where if the professional has several places."""

    lieu = forms.ChoiceField(label="Où")
    jour = forms.ChoiceField(label="Jour")
    heure = forms.TimeField(
        label="Heure",
        widget=forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M"),
        error_messages={"required": "Donnez une heure.", "invalid": "Écrivez l’heure ainsi : 15:30."},
    )

    def __init__(self, *args: Any, lieux: Sequence[LieuConsultation], jours: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["lieu"].choices = [(str(lieu.pk), f"{lieu.libelle}, {lieu.commune.nom}") for lieu in lieux]
        champs["jour"].choices = jours
