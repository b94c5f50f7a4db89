"""Runs, accounts, statements of the bank."""

from datetime import timedelta
from typing import Any

from django import forms

from maillon.communaute.champs import ChampDate
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.horloge import today

from ..releves_banque import TAILLE_MAX
from ..sepa import check_bic, check_iban


class CampagneForm(forms.Form):
    jusqu_au = ChampDate(label="Payer ce qui est approuvé jusqu’au")
    execution_le = ChampDate(label="Virements à exécuter le")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        jour = today()
        self.fields["jusqu_au"].initial = jour
        # Banks execute on working days.
        self.fields["execution_le"].initial = jour + timedelta(
            days=(7 - jour.weekday()) % 7 if jour.weekday() > 4 else 0
        )


class CompteForm(forms.Form):
    titulaire = forms.CharField(label="Titulaire du compte", max_length=70)
    iban = forms.CharField(
        label="IBAN", max_length=42, help_text="Il figure sur le RIB. Il est chiffré, et jamais affiché en entier."
    )
    bic = forms.CharField(label="BIC", max_length=11, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["iban"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean_iban(self) -> str:
        return self._check(check_iban, "iban")

    def clean_bic(self) -> str:
        return self._check(check_bic, "bic")

    def _check(self, check: Any, champ: str) -> str:
        try:
            valeur: str = check(self.cleaned_data[champ])
        except SaisieInvalide as refus:
            raise forms.ValidationError(str(refus)) from None
        return valeur


class PaiementForm(forms.Form):
    le = ChampDate(label="Payé le")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["le"].initial = today()


class RaisonForm(forms.Form):
    motif = forms.CharField(label="Raison", max_length=200)


class ReleveForm(forms.Form):
    fichier = forms.FileField(
        label="Relevé de la banque",
        help_text="CAMT.053 (XML), ou l’export CSV ou Excel des opérations. Il n’est pas conservé.",
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > TAILLE_MAX:
            raise forms.ValidationError("Ce fichier dépasse 10 Mo : exportez une période plus courte.")
        return fichier
