"""Convoking; what the statutes say of a body."""

from typing import Any

from django import forms

from ..enums import Majorite
from ..selectors.convocations import ReglesEnVigueur
from ..services import DonneesRegles


class ConvoquerForm(forms.Form):
    motif_delai = forms.CharField(
        label="Pourquoi ce délai réduit ?",
        max_length=300,
        required=False,
        help_text="Ce motif figure sur la convocation et reste au dossier de la réunion.",
    )


class SansConvocationForm(forms.Form):
    motif = forms.CharField(
        label="Ce que disent vos statuts",
        max_length=250,
        help_text="Par exemple : article 12, le bureau délibère sans délai quand tous ses membres sont là.",
        error_messages={"required": "Dites quel article des statuts permet de délibérer sans convocation."},
    )


class ReglesForm(forms.Form):
    """The rules of one body, as its statutes say them."""

    preavis_jours = forms.IntegerField(label="Délai de convocation, en jours", min_value=0, max_value=90)
    quorum_numerateur = forms.IntegerField(
        label="Quorum : numérateur", min_value=0, max_value=100, help_text="0 : aucun quorum n’est demandé."
    )
    quorum_denominateur = forms.IntegerField(label="Quorum : dénominateur", min_value=1, max_value=100)
    pouvoirs_max = forms.IntegerField(label="Pouvoirs qu’une personne peut porter", min_value=0, max_value=50)
    majorite = forms.ChoiceField(label="Majorité", choices=Majorite.choices)
    seconde_sans_quorum = forms.BooleanField(
        label="Faute de quorum, la seconde réunion délibère quel que soit le nombre de présents", required=False
    )
    seconde_preavis_jours = forms.IntegerField(
        label="Délai de la seconde convocation, en jours", min_value=0, max_value=90
    )

    def __init__(self, *args: Any, regles: ReglesEnVigueur, **options: Any) -> None:
        options["initial"] = {nom: getattr(regles, nom) for nom in DonneesRegles.__slots__}
        options["prefix"] = regles.type.value
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if lu.get("quorum_numerateur", 0) > lu.get("quorum_denominateur", 1):
            self.add_error("quorum_numerateur", "Le quorum est une fraction d’au plus un : 1 sur 2, 1 sur 4…")
        return lu

    def build(self) -> DonneesRegles:
        lu = self.cleaned_data
        return DonneesRegles(**(lu | {"majorite": Majorite(lu["majorite"])}))
