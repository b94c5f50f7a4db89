"""What is typed to prove a presence."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from maillon.socle.fichiers.services import TAILLE_MAX


class ChampHeure(forms.TimeField):
    """An hour, by the browser's own control."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **options)


class ChampJour(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **options)


class QuiForm(forms.Form):
    """Who scans the code: a name and an address that the community knows."""

    nom = forms.CharField(label="Votre nom", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    courriel = forms.EmailField(
        label="Votre courriel",
        help_text="Celui auquel la communauté vous écrit.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class SignatureForm(forms.Form):
    """A signature drawn with the finger, or the initials of who cannot draw."""

    trace = forms.RegexField(r"^M[ML0-9 .]+$", required=False, max_length=20_000, widget=forms.HiddenInput)
    initiales = forms.CharField(
        label="Ou tapez vos initiales",
        required=False,
        max_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if not donnees.get("trace") and not donnees.get("initiales", "").strip():
            raise forms.ValidationError("Signez dans le cadre, ou tapez vos initiales.")
        return donnees


class FeuilleForm(forms.Form):
    """The sheet sent back; who signed is ticked beside it."""

    feuille = forms.FileField(
        label="La feuille signée",
        required=False,
        help_text="Photo (JPEG ou PNG) ou PDF, 10 Mo au plus. Sans elle, la liste vaut simple saisie.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )

    def clean_feuille(self) -> UploadedFile | None:
        fichier: UploadedFile | None = self.cleaned_data.get("feuille")
        if fichier is not None and (fichier.size or 0) > TAILLE_MAX:
            raise forms.ValidationError("Cette feuille dépasse 10 Mo. Photographiez-la page par page, ou réduisez-la.")
        return fichier


class HeuresForm(forms.Form):
    arrivee = ChampHeure(label="Arrivée", required=False)
    depart = ChampHeure(label="Départ", required=False)


class ClotureForm(forms.Form):
    fin = ChampHeure(label="La réunion a fini à")
