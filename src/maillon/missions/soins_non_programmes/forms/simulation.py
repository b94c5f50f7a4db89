"""What a simulation changes of the offer: one line a variant, in the address, so that it can be shared."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.annuaire.enums import Profession
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.simulation_soins import Modification, Sens

JOURS = (("0", "lundi"), ("1", "mardi"), ("2", "mercredi"), ("3", "jeudi"), ("4", "vendredi"), ("5", "samedi"))
SENS = ((Sens.EN_PLUS.value, "en plus"), (Sens.EN_MOINS.value, "personne à ces heures"))


class VarianteForm(forms.Form):
    """One change: who, on which days, at which hours."""

    sens = forms.ChoiceField(label="Ce qui change", choices=SENS)
    combien = forms.IntegerField(label="Combien", min_value=1, max_value=20)
    profession = forms.ChoiceField(label="Profession")
    jours = forms.MultipleChoiceField(label="Jours", choices=JOURS, widget=forms.CheckboxSelectMultiple)
    de = forms.TimeField(label="De", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    a = forms.TimeField(label="À", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    duree = forms.IntegerField(label="Durée d’un créneau (min)", min_value=5, max_value=240)

    def __init__(self, *args: Any, professions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["profession"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [(code, str(Profession(code).label)) for code in professions]

    def clean(self) -> dict[str, Any]:
        """The change as the rule takes it, or its reason not to, under the hours."""
        saisie = super().clean() or {}
        if not self.errors:
            try:
                saisie["modification"] = Modification(
                    profession=saisie["profession"],
                    sens=Sens(saisie["sens"]),
                    jours=frozenset(int(jour) for jour in saisie["jours"]),
                    de=saisie["de"],
                    a=saisie["a"],
                    combien=saisie["combien"],
                    duree=saisie["duree"],
                )
            except SaisieInvalide as erreur:
                self.add_error("a", str(erreur))
        return saisie
