"""What a doctor offers."""

from django import forms

CASE = forms.CheckboxInput(attrs={"class": "form-check-input"})


class PlacesForm(forms.Form):
    places = forms.IntegerField(
        label="Combien de nouveaux patients pouvez-vous suivre ?",
        min_value=0,
        max_value=200,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"max_value": "Indiquez au plus 200 places.", "min_value": "Indiquez 0 ou plus."},
    )
    accepte_ald = forms.BooleanField(label="Patients en ALD", required=False, initial=True, widget=CASE)
    accepte_enfants = forms.BooleanField(label="Enfants", required=False, initial=True, widget=CASE)
    accepte_visites = forms.BooleanField(label="Visites à domicile", required=False, widget=CASE)
