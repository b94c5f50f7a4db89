"""Fields that read what people write in French: « 1 000,50 € », « 97 000 »."""

from collections.abc import Callable
from typing import Any

from django import forms

from ..saisie.nombres import Illisible, read_euros, read_nombre


class ChampLu(forms.CharField):
    """A text read by a function that raises Illisible; the sentence of the refusal is shown beside the field."""

    def __init__(self, read: Callable[[str], Any], **options: Any) -> None:
        super().__init__(max_length=60, **options)
        self.read = read

    def clean(self, value: Any) -> Any:
        texte = super().clean(value)
        try:
            return self.read(texte)
        except Illisible as refus:
            raise forms.ValidationError(str(refus)) from None


def champ_euros(libelle: str, **options: Any) -> ChampLu:
    """Euros; empty is allowed."""
    attrs = {"inputmode": "decimal", "autocomplete": "off"}
    return ChampLu(read_euros, label=libelle, required=False, widget=forms.TextInput(attrs=attrs), **options)


def champ_entier(libelle: str, **options: Any) -> ChampLu:
    """A positive whole number, with or without spaces."""
    attrs = {"inputmode": "numeric", "autocomplete": "off"}
    return ChampLu(_read_entier, label=libelle, required=False, widget=forms.TextInput(attrs=attrs), **options)


def _read_entier(texte: str) -> int | None:
    nombre = read_nombre(texte)
    if nombre is None:
        return None
    if nombre != int(nombre) or not 0 < nombre < 10**9:
        raise Illisible(f"« {texte.strip()} » n’est pas un nombre entier supérieur à zéro.")
    return int(nombre)
