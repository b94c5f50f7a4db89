"""What is asked to link a calendar kept elsewhere."""

from typing import Any

from django import forms
from django.conf import settings

from .enums import GenreExterne
from .externes.erreurs import AgendaIllisible
from .externes.reseau import split_url


class ExterneForm(forms.Form):
    libelle = forms.CharField(
        label="Son nom, pour vous", max_length=80, help_text="«\u00a0Mon agenda du cabinet\u00a0»."
    )
    genre = forms.ChoiceField(label="C’est", choices=GenreExterne.choices, widget=forms.RadioSelect, initial="ical")
    adresse = forms.CharField(
        label="Adresse",
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        help_text="https://… ou webcal://…, telle que votre agenda la donne. Elle est chiffrée.",
    )
    utilisateur = forms.CharField(
        label="Nom d’utilisateur CalDAV",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    secret = forms.CharField(
        label="Mot de passe CalDAV",
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Un mot de passe d’application, si votre agenda en propose. Il est chiffré.",
    )

    def clean_adresse(self) -> str:
        adresse: str = self.cleaned_data["adresse"].strip()
        try:
            split_url(adresse, local=settings.MAILLON_AGENDAS_LOCAUX)
        except AgendaIllisible as refus:
            raise forms.ValidationError(str(refus)) from None
        return adresse

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if lu.get("genre") == GenreExterne.CALDAV and not lu.get("utilisateur"):
            self.add_error("utilisateur", "Un compte CalDAV demande un nom d’utilisateur et un mot de passe.")
        return lu
