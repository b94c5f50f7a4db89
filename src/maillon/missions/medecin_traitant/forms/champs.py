"""Fields and words that several forms of the desk share."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.patients.identites import SaisieIdentite, normalize_telephone
from maillon.communaute.territoire.models import Commune
from maillon.regles.catalogue import fold
from maillon.socle.horloge import today

from ..nir import contains_nir
from ..services import FaitsSaisis

AUTRE_COMMUNE = "autre"
REFUS_NIR = (
    "Cela ressemble à un numéro de sécurité sociale. Nous n’en avons pas besoin : retirez-le, nous ne le gardons pas."
)
BESOINS_MOI = (
    ("ald", "J’ai une affection de longue durée (ALD) reconnue"),
    ("ne_peut_se_deplacer", "Je ne peux pas me déplacer jusqu’à un cabinet"),
    ("sortie_hopital", "Je sors de l’hôpital"),
    ("grossesse", "J’attends un enfant"),
    ("acces_pmr", "Je viens en fauteuil roulant, ou je ne peux pas monter de marches"),
    ("isolement", "Je suis seul, sans personne pour m’aider à chercher"),
    ("c2s", "J’ai la complémentaire santé solidaire (C2S)"),
    ("ame", "J’ai l’aide médicale de l’État (AME)"),
)
BESOINS_PROCHE = (
    ("ald", "Une affection de longue durée (ALD) reconnue"),
    ("ne_peut_se_deplacer", "Ne peut pas se déplacer jusqu’à un cabinet"),
    ("sortie_hopital", "Sort de l’hôpital"),
    ("grossesse", "Attend un enfant"),
    ("acces_pmr", "Vient en fauteuil roulant, ou ne peut pas monter de marches"),
    ("isolement", "Est seule, sans personne pour l’aider à chercher"),
    ("c2s", "A la complémentaire santé solidaire (C2S)"),
    ("ame", "A l’aide médicale de l’État (AME)"),
)


class SansNir(forms.BaseForm):
    """Refuses a NIR in any text that the person typed: neither a choice nor a hidden key, whose digits are chance."""

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc] # the stubs leave it out
        for nom, valeur in list(self.cleaned_data.items()):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField) or champ.widget.is_hidden:
                continue
            if isinstance(valeur, str) and contains_nir(valeur):
                self.add_error(nom, REFUS_NIR)


class Formulaire(SansNir, forms.Form):
    """A form of this room."""


def clean_telephone(texte: str, *, required: bool) -> str:
    """A telephone number as typed; ValidationError when it cannot be called."""
    digits = normalize_telephone(texte)
    if not digits and not required:
        return ""
    if not 9 <= len(digits) <= 15:
        raise forms.ValidationError("Ce numéro n’est pas complet. Un numéro français a dix chiffres : 04 77 12 34 56.")
    return texte.strip()


class TelephoneField(forms.CharField):
    """A number that can be called, ten digits in France."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 25)
        kwargs.setdefault("label", "Téléphone")
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        return clean_telephone(super().clean(value), required=self.required)


class AnneeField(forms.IntegerField):
    """A year of birth, within a human life."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Année de naissance")
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4", "autocomplete": "bday-year"})
        )
        kwargs.setdefault("error_messages", {"invalid": "Écrivez les quatre chiffres de l’année, par exemple 1956."})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        annee = super().clean(value)
        if annee is not None and not today().year - 120 <= annee <= today().year:
            raise forms.ValidationError("Écrivez les quatre chiffres de l’année, par exemple 1956.")
        return annee


def commune_choices(communes: Sequence[Commune]) -> list[tuple[str, str]]:
    return [(c.pk, f"{c.nom} ({', '.join(c.codes_postaux[:3])})" if c.codes_postaux else c.nom) for c in communes]


def label_commune(commune: Commune) -> str:
    return commune_choices([commune])[0][1]


class CommuneField(forms.CharField):
    """A commune typed by its first letters or its postal code, among those of the territory.

    The browser proposes them (`<datalist>`); its code is understood too.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Commune")
        attributs = {"list": "mt-communes", "autocomplete": "off", "class": "form-control"}
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
        if len(proches) == 1:
            return proches[0].pk
        if not proches:
            raise forms.ValidationError("Cette commune n’est pas dans le territoire. Écrivez le début de son nom.")
        noms = ", ".join(label_commune(c) for c in proches[:5])
        raise forms.ValidationError(f"Plusieurs communes conviennent : {noms}. Précisez.")


class MedecinField(forms.ChoiceField):
    """The doctor whom the person already has in mind, if any."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Un médecin déjà en tête ?")
        kwargs.setdefault("help_text", "Nous lui demandons d’abord ; il reste libre de sa réponse.")
        super().__init__(required=False, **kwargs)

    def propose(self, medecins: Sequence[tuple[str, str]]) -> None:
        self.choices = [("", "Pas de préférence"), *medecins]


def build_identite(donnees: dict[str, Any]) -> SaisieIdentite:
    """The identity of cleaned data."""
    names = ("nom", "prenom", "telephone", "courriel", "proche_nom", "proche_telephone", "proche_lien")
    values: dict[str, Any] = {nom: donnees.get(nom) or "" for nom in names}
    return SaisieIdentite(**values)


def build_faits(donnees: dict[str, Any]) -> FaitsSaisis:
    """The yes or no facts of cleaned data."""
    return FaitsSaisis(**dict.fromkeys(donnees["besoins"], True), langue=donnees["langue"])
