"""The public form in plain words, in four steps."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.territoire.models import Commune

from ..enums import Langue
from .champs import (
    AUTRE_COMMUNE,
    BESOINS_MOI,
    BESOINS_PROCHE,
    AnneeField,
    Formulaire,
    MedecinField,
    TelephoneField,
    commune_choices,
)

Medecins = Sequence[tuple[str, str]]


class EtapeQuiForm(Formulaire):
    pour = forms.ChoiceField(
        label="Pour qui cherchez-vous un médecin traitant ?",
        choices=[("moi", "Pour moi"), ("proche", "Pour un proche")],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites-nous pour qui vous cherchez."},
    )
    commune = forms.ChoiceField(
        label="Commune où habite cette personne", error_messages={"required": "Choisissez une commune de la liste."}
    )

    def __init__(
        self, *args: Any, communes: Sequence[Commune], proche: bool = False, medecins: Medecins = (), **kwargs: Any
    ) -> None:
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
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : nom@exemple.fr."},
    )
    proche_nom = forms.CharField(label="Votre prénom et votre nom", max_length=120)
    proche_lien = forms.CharField(
        label="Vous êtes", max_length=60, required=False, help_text="Par exemple : sa fille, un voisin."
    )
    proche_telephone = TelephoneField(label="Votre téléphone", help_text="Nous vous appelons à ce numéro.")

    def __init__(
        self, *args: Any, communes: Sequence[Commune], proche: bool = False, medecins: Medecins = (), **kwargs: Any
    ) -> None:
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
    medecin_souhaite = MedecinField()

    def __init__(
        self, *args: Any, communes: Sequence[Commune], proche: bool = False, medecins: Medecins = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        souhait: Any = self.fields["medecin_souhaite"]
        souhait.propose(medecins)
        if proche:
            champ: Any = self.fields["besoins"]
            champ.label, champ.choices = "Cochez ce qui concerne cette personne", BESOINS_PROCHE


class EtapeAccordForm(Formulaire):
    accord = forms.BooleanField(
        label="J’ai lu cette information et je suis d’accord pour que ma demande soit enregistrée.",
        error_messages={"required": "Sans votre accord, nous ne pouvons pas enregistrer la demande."},
    )

    def __init__(
        self, *args: Any, communes: Sequence[Commune], proche: bool = False, medecins: Medecins = (), **kwargs: Any
    ) -> None:
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
