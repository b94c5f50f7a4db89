"""Forms of the desk: plain words for the public, one page for the telephone."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.patients.identites import SaisieIdentite, normalize_telephone
from maillon.communaute.territoire.models import Commune
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today

from .enums import Cloture, Langue
from .models import Demande
from .services import FaitsSaisis

AUTRE_COMMUNE = "autre"
# Thirteen digits (or 2A, 2B) beginning as a NIR does, with or without key and spaces.
NIR = re.compile(r"[1-478]\d{2}(?:0[1-9]|[1-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?", re.IGNORECASE)
REFUS_NIR = (
    "Cela ressemble à un numéro de sécurité sociale. Nous n’en avons pas besoin : retirez-le, nous ne le gardons pas."
)
BESOINS_MOI = (
    ("ald", "J’ai une affection de longue durée (ALD) reconnue"),
    ("ne_peut_se_deplacer", "Je ne peux pas me déplacer jusqu’à un cabinet"),
    ("sortie_hopital", "Je sors de l’hôpital"),
    ("grossesse", "J’attends un enfant"),
    ("isolement", "Je suis seul, sans personne pour m’aider à chercher"),
    ("c2s", "J’ai la complémentaire santé solidaire (C2S)"),
    ("ame", "J’ai l’aide médicale de l’État (AME)"),
)
BESOINS_PROCHE = (
    ("ald", "Une affection de longue durée (ALD) reconnue"),
    ("ne_peut_se_deplacer", "Ne peut pas se déplacer jusqu’à un cabinet"),
    ("sortie_hopital", "Sort de l’hôpital"),
    ("grossesse", "Attend un enfant"),
    ("isolement", "Est seule, sans personne pour l’aider à chercher"),
    ("c2s", "A la complémentaire santé solidaire (C2S)"),
    ("ame", "A l’aide médicale de l’État (AME)"),
)


def contains_nir(texte: str) -> bool:
    """Whether a text holds what looks like a NIR, however it is spaced."""
    return bool(NIR.search(re.sub(r"[\s.\-]", "", texte)))


class SansNir(forms.BaseForm):
    """Refuses a NIR typed in any text field."""

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc] # the stubs leave it out
        for nom, valeur in list(self.cleaned_data.items()):
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
        raise forms.ValidationError("Ce numéro n’est pas complet. Un numéro français a dix chiffres : 04 77 12 34 56.")
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


# The public form, in four steps ----------------------------------------------------------------------------------


class EtapeQuiForm(Formulaire):
    pour = forms.ChoiceField(
        label="Pour qui cherchez-vous un médecin traitant ?",
        choices=[("moi", "Pour moi"), ("proche", "Pour un proche")],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites-nous pour qui vous cherchez."},
    )
    commune = forms.ChoiceField(
        label="Commune où habite cette personne", error_messages={"required": "Choisissez une commune de la liste."}
    )

    def __init__(self, *args: Any, communes: Sequence[Commune], proche: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["commune"]
        champ.choices = [("", "Choisir"), *commune_choices(communes), (AUTRE_COMMUNE, "Une autre commune")]


class EtapePersonneForm(Formulaire):
    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(label="Nom", max_length=80)
    annee_naissance = AnneeField()
    telephone = TelephoneField(help_text="Nous vous appelons à ce numéro.")
    courriel = forms.EmailField(
        label="Adresse électronique",
        required=False,
        help_text="Pour recevoir le lien de suivi. Aucune information sur la santé n’y est envoyée.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : nom@exemple.fr."},
    )
    proche_nom = forms.CharField(label="Votre prénom et votre nom", max_length=120)
    proche_lien = forms.CharField(
        label="Vous êtes", max_length=60, required=False, help_text="Par exemple : sa fille, un voisin."
    )
    proche_telephone = TelephoneField(label="Votre téléphone", help_text="Nous vous appelons à ce numéro.")

    def __init__(self, *args: Any, communes: Sequence[Commune], proche: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not proche:
            for nom in ("proche_nom", "proche_lien", "proche_telephone"):
                del self.fields[nom]
            autocomplete = {"prenom": "given-name", "nom": "family-name", "courriel": "email"}
            for nom, valeur in autocomplete.items():
                self.fields[nom].widget.attrs["autocomplete"] = valeur
            return
        self.fields["prenom"].label, self.fields["nom"].label = "Son prénom", "Son nom"
        self.fields["annee_naissance"].label = "Son année de naissance"
        self.fields["telephone"].label, self.fields["telephone"].required = "Son téléphone", False
        self.fields["telephone"].help_text = "Si la personne peut répondre."
        self.fields["courriel"].label = "Votre adresse électronique"


class EtapeBesoinsForm(Formulaire):
    besoins = forms.MultipleChoiceField(
        label="Cochez ce qui vous concerne",
        choices=BESOINS_MOI,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Cela nous aide à savoir qui appeler d’abord. Ne donnez aucun détail sur la santé.",
    )
    langue = forms.ChoiceField(label="Langue parlée", choices=Langue.choices, initial=Langue.FRANCAIS)

    def __init__(self, *args: Any, communes: Sequence[Commune], proche: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if proche:
            champ: Any = self.fields["besoins"]
            champ.label, champ.choices = "Cochez ce qui concerne cette personne", BESOINS_PROCHE


class EtapeAccordForm(Formulaire):
    accord = forms.BooleanField(
        label="J’ai lu cette information et je suis d’accord pour que ma demande soit enregistrée.",
        error_messages={"required": "Sans votre accord, nous ne pouvons pas enregistrer la demande."},
    )

    def __init__(self, *args: Any, communes: Sequence[Commune], proche: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if proche:
            self.fields[
                "accord"
            ].label = "J’ai lu cette information, j’en ai parlé à cette personne, et elle est d’accord."


ETAPES = (
    ("Pour qui", EtapeQuiForm),
    ("La personne", EtapePersonneForm),
    ("Ses besoins", EtapeBesoinsForm),
    ("Votre accord", EtapeAccordForm),
)


def build_identite(donnees: dict[str, Any]) -> SaisieIdentite:
    """The identity of cleaned data."""
    names = ("nom", "prenom", "telephone", "courriel", "proche_nom", "proche_telephone", "proche_lien")
    values: dict[str, Any] = {nom: donnees.get(nom) or "" for nom in names}
    return SaisieIdentite(**values)


def build_faits(donnees: dict[str, Any]) -> FaitsSaisis:
    """The yes or no facts of cleaned data."""
    return FaitsSaisis(**dict.fromkeys(donnees["besoins"], True), langue=donnees["langue"])


# The desk, professionals and partners ------------------------------------------------------------------------------


class FaitsForm(Formulaire):
    """Facts as the desk hears them."""

    besoins = forms.MultipleChoiceField(
        label="Situation",
        choices=BESOINS_PROCHE,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Par oui ou par non, sans diagnostic. Plus de 70 ans se déduit de l’année de naissance.",
    )
    langue = forms.ChoiceField(label="Langue parlée", choices=Langue.choices, initial=Langue.FRANCAIS)

    @classmethod
    def of_demande(cls, demande: Demande) -> "FaitsForm":
        besoins = [nom for nom, _ in BESOINS_PROCHE if getattr(demande, nom)]
        return cls(initial={"besoins": besoins, "langue": demande.langue})


class NouvelleForm(FaitsForm):
    """A whole request on one page."""

    prenom = forms.CharField(label="Prénom", max_length=80, widget=forms.TextInput(attrs={"autofocus": True}))
    nom = forms.CharField(label="Nom", max_length=80)
    annee_naissance = AnneeField()
    telephone = TelephoneField()
    commune = forms.ChoiceField(label="Commune")
    courriel = forms.EmailField(label="Adresse électronique", required=False)
    accord = forms.BooleanField(
        label="La personne est informée de l’usage de ses données et d’accord.",
        help_text="Lisez-lui la notice : elle peut retirer sa demande à tout moment.",
        error_messages={"required": "Sans son accord, la demande ne peut pas être enregistrée."},
    )

    field_order = (
        "prenom",
        "nom",
        "annee_naissance",
        "telephone",
        "commune",
        "courriel",
        "besoins",
        "langue",
        "accord",
    )

    def __init__(self, *args: Any, communes: Sequence[Commune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["commune"]
        champ.choices = [("", "Choisir"), *commune_choices(communes)]


class ProposerForm(forms.Form):
    medecins = forms.MultipleChoiceField(
        label="Médecins", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choisissez un médecin."}
    )

    def __init__(self, *args: Any, choix: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["medecins"]
        champ.choices = choix


class PrevoirForm(forms.Form):
    responsable = forms.ChoiceField(label="Suivie par")
    prochaine_date = forms.DateField(
        label="Prochaine étape le", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, membres: Sequence[Membre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["responsable"]
        champ.choices = [(str(membre.pk), str(membre)) for membre in membres]


class CloreForm(forms.Form):
    motif = forms.ChoiceField(
        label="Motif",
        choices=[
            ("", "Choisir"),
            *((motif.value, motif.label) for motif in Cloture if motif is not Cloture.OPPOSITION),
        ],
    )


class TelephoneForm(Formulaire):
    telephone = TelephoneField(label="Le bon numéro de téléphone")


class CodeSuiviForm(forms.Form):
    code = forms.CharField(
        label="Code de suivi",
        max_length=20,
        help_text="Dix lettres et chiffres, par exemple AB3CD-EF4GH.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


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
