"""What is asked of professionals about themselves."""

from typing import Any

from django import forms

from maillon.socle.ui.typographie import format_telephone

from .choix import Accessibilite, ChampCorrige, Domicile, Langue, NouveauxPatients, Rubrique
from .models import FicheProfessionnel

NE_DIT_RIEN = [("", "Je ne le dis pas")]
DIT = ("nouveaux_patients", "conditions", "domicile", "langues", "accessibilite", "telephone", "courriel", "horaires",
       "remarques")  # fmt: skip


class ChampNumero(forms.CharField):
    """Ten French digits, or an international number; empty when not given."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"type": "tel", "inputmode": "tel"})
        super().__init__(**{"max_length": 20, "required": False, "widget": widget, **options})

    def clean(self, value: Any) -> str:
        brut = super().clean(value)
        digits = "".join(c for c in brut if c.isdigit())
        if brut and not 10 <= len(digits) <= 15:
            raise forms.ValidationError("Un numéro a dix chiffres, par exemple 04 77 12 34 56.")
        return format_telephone(brut) if brut else ""


class FicheForm(forms.Form):
    nouveaux_patients = forms.ChoiceField(
        label="J’accepte de nouveaux patients", choices=[*NE_DIT_RIEN, *NouveauxPatients.choices], required=False
    )
    conditions = forms.CharField(
        label="À quelles conditions",
        max_length=200,
        required=False,
        help_text="Par exemple : les enfants de moins de 6 ans, les habitants de la commune.",
    )
    domicile = forms.ChoiceField(label="Visites à domicile", choices=[*NE_DIT_RIEN, *Domicile.choices], required=False)
    accessibilite = forms.ChoiceField(
        label="Accès au cabinet", choices=[*NE_DIT_RIEN, *Accessibilite.choices], required=False
    )
    telephone = ChampNumero(label="Téléphone à donner", help_text="Celui du cabinet ou du secrétariat.")
    courriel = forms.EmailField(label="Courriel à donner", required=False)
    horaires = forms.CharField(label="Horaires", max_length=500, required=False, widget=forms.Textarea({"rows": 3}))
    remarques = forms.CharField(
        label="Remarques",
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Ce que vos confrères doivent savoir avant d’adresser quelqu’un. Rien au sujet d’un patient.",
    )
    langues = forms.MultipleChoiceField(
        label="Langues parlées, en plus du français",
        choices=Langue.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    publics = forms.MultipleChoiceField(
        label="Ce que le public peut lire",
        choices=Rubrique.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien n’est montré sans la première case. Les membres de la communauté lisent toute la fiche.",
    )
    accord = forms.BooleanField(label="Cette personne m’a donné son accord pour ce que le public lit", required=False)

    def __init__(self, *args: Any, fiche: FicheProfessionnel | None, soi: bool, **options: Any) -> None:
        if fiche is not None:
            options["initial"] = {name: getattr(fiche, name) for name in (*DIT, "publics")}
        super().__init__(*args, **options)
        self._shown = set(fiche.publics) if fiche else set()
        if soi:
            del self.fields["accord"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        publics = set(donnees.get("publics", []))
        if publics and Rubrique.FICHE not in publics:
            self.add_error("publics", "Cochez aussi la première case : sans elle, le public ne voit rien.")
        if "accord" in self.fields and publics - self._shown and not donnees.get("accord"):
            self.add_error("accord", "Demandez d’abord son accord à cette personne, puis cochez cette case.")
        if donnees.get("nouveaux_patients") != NouveauxPatients.CONDITIONS:
            donnees["conditions"] = ""
        return donnees

    def read_dit(self) -> dict[str, Any]:
        """What the professional says, by field."""
        return {name: self.cleaned_data[name] for name in DIT}


class LieuForm(forms.Form):
    """What is true at a place; a field emptied goes back to what the national directory says."""

    adresse = forms.CharField(label=ChampCorrige.ADRESSE.label.capitalize(), max_length=200, required=False)
    telephone = ChampNumero(label=ChampCorrige.TELEPHONE.label.capitalize())
    courriel = forms.EmailField(label=ChampCorrige.COURRIEL.label.capitalize(), required=False)
