"""What a professional types."""

from django import forms

from maillon.socle.horloge import today


class AbsenceForm(forms.Form):
    """Away from one day to another, both included."""

    du = forms.DateField(label="Du", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    au = forms.DateField(label="Au (compris)", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean_au(self) -> object:
        """The last day is not past, nor before the first."""
        au = self.cleaned_data["au"]
        if au < today():
            raise forms.ValidationError("Ce jour est passé.")
        if (du := self.cleaned_data.get("du")) and au < du:
            raise forms.ValidationError("Le dernier jour vient après le premier.")
        return au
