"""Forms of a waiting list taken over: which file, which columns, what the person answered."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.socle.fichiers.services import TAILLE_MAX

from ..attente.colonnes import find_manque
from ..enums import ChampAttente, MoyenAccord
from .champs import Formulaire
from .guichet import FaitsForm


class DepotListeForm(forms.Form):
    fichier = forms.FileField(
        label="Votre liste d’attente",
        help_text="Excel (.xlsx), CSV ou TSV ; une personne par ligne, 10 Mo au plus.",
        error_messages={"required": "Choisissez d’abord le fichier de votre liste.", "empty": "Ce fichier est vide."},
    )
    feuille = forms.CharField(
        label="Feuille du classeur", required=False, max_length=100, help_text="La première feuille visible sinon."
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if (fichier.size or 0) > TAILLE_MAX:
            raise forms.ValidationError("Ce fichier dépasse la limite de 10 Mo. Déposez-le en plusieurs parties.")
        return fichier


class ColonnesAttenteForm(forms.Form):
    """What each column holds: one choice a title."""

    def __init__(self, *args: Any, entetes: Sequence[str], lues: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.titres = entetes
        for rang, titre in enumerate(entetes):
            self.fields[f"c{rang}"] = forms.ChoiceField(
                label=titre,
                choices=[("", "Ne pas lire"), *ChampAttente.choices],
                required=False,
                initial=lues.get(titre, ""),
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if manque := find_manque(self.colonnes):
            raise forms.ValidationError(manque)
        return donnees

    @property
    def colonnes(self) -> dict[str, str]:
        return {titre: self.cleaned_data.get(f"c{rang}", "") for rang, titre in enumerate(self.titres)}


class AccordForm(FaitsForm):
    """What a person of a list answers on the telephone."""

    moyen = forms.ChoiceField(
        label="L’accord est donné",
        choices=[(m.value, m.label) for m in (MoyenAccord.TELEPHONE, MoyenAccord.PAPIER)],
        initial=MoyenAccord.TELEPHONE,
        widget=forms.RadioSelect,
    )
    accord = forms.BooleanField(
        label="La personne est informée de l’usage de ses données et d’accord.",
        error_messages={"required": "Sans son accord, la demande ne peut pas être gardée."},
    )


class RappelForm(Formulaire):
    le = forms.DateField(label="Rappeler le", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
