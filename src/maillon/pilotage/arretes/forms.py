"""Why a period is sealed."""

from django import forms


class ArreteForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi arrêter cette période ?",
        max_length=200,
        help_text="Évaluation de l’année, dialogue de gestion… La CPAM et l’ARS lisent ce motif : ne nommez personne.",
    )
