"""Fields that several forms share."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from maillon.communaute.patients.identites import normalize_telephone
from maillon.communaute.territoire.models import Commune
from maillon.communaute.territoire.selectors import search_communes
from maillon.regles.catalogue import fold
from maillon.socle.horloge import today


class TelephoneField(forms.CharField):
    """A number that can be called, ten digits in France."""

    def __init__(self, **kwargs: Any) -> None:
        attributs = {"type": "tel", "inputmode": "tel", "autocomplete": "off"}
        super().__init__(
            label="Téléphone",
            max_length=25,
            widget=forms.TextInput(attrs={**attributs, **kwargs.pop("attrs", {})}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        texte = super().clean(value).strip()
        if texte and not 9 <= len(normalize_telephone(texte)) <= 15:
            raise forms.ValidationError("Ce numéro n’est pas complet. Exemple : 06 12 34 56 78.")
        return texte


class NaissanceField(forms.DateField):
    """A birth date as it is said: jj/mm/aaaa."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Date de naissance")
        widget = forms.DateInput(
            format="%d/%m/%Y",
            attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "jj/mm/aaaa", "maxlength": "10"},
        )
        message = {"invalid": "Écrivez le jour, le mois et l’année : 12/03/1950."}
        super().__init__(
            input_formats=["%d/%m/%Y", "%d%m%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"],
            widget=widget,
            error_messages=message,
            **kwargs,
        )

    def clean(self, value: Any) -> date | None:
        jour = super().clean(value)
        if (jour is not None and not today().year - 120 <= jour.year <= today().year) or (jour and jour > today()):
            raise forms.ValidationError("Cette date de naissance n’est pas plausible.")
        return jour


def label_commune(commune: Commune) -> str:
    """« Saint-Étienne (42000, 42100) »."""
    return f"{commune.nom} ({', '.join(commune.codes_postaux[:3])})" if commune.codes_postaux else commune.nom


class CommuneField(forms.CharField):
    """A commune by the beginning of its name or its postal code: those of the territory first, any other after."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Commune")
        attributs = {"list": "soins-communes", "autocomplete": "off", "placeholder": "nom ou code postal"}
        super().__init__(max_length=100, widget=forms.TextInput(attrs=attributs), **kwargs)
        self.communes: Sequence[Commune] = ()

    def clean(self, value: Any) -> str:
        texte = super().clean(value).strip()
        if not texte:
            return ""
        cherche = fold(texte)
        exactes = [c for c in self.communes if cherche in (c.pk.lower(), fold(c.nom), fold(label_commune(c)))]
        proches = exactes or [
            c for c in self.communes if fold(c.nom).startswith(cherche) or texte in (c.codes_postaux or [])
        ]
        if not proches:
            ailleurs = search_communes(texte, limit=5)
            proches = [c for c in ailleurs if cherche in (fold(c.nom), fold(label_commune(c)))][:1] or ailleurs
        if len(proches) == 1:
            return proches[0].pk
        if not proches:
            raise forms.ValidationError("Cette commune n’est pas connue. Écrivez le début de son nom.")
        noms = ", ".join(label_commune(c) for c in proches[:5])
        raise forms.ValidationError(f"Plusieurs communes conviennent : {noms}. Précisez.")
