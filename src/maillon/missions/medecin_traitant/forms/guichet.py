"""Forms of the desk, of professionals and partners."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.territoire.models import Commune
from maillon.socle.droits.models import Membre

from ..enums import Cloture, Langue
from ..models import Demande
from .champs import BESOINS_PROCHE, AnneeField, Formulaire, TelephoneField, commune_choices


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

    par_vague = forms.TypedChoiceField(
        label="À qui d’abord",
        choices=[("", "À tous à la fois"), ("1", "Un par un, dans l’ordre de la liste"), ("2", "Deux par deux")],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Les suivants sont sollicités quand les premiers ont refusé ou n’ont pas répondu.",
    )
    jours = forms.TypedChoiceField(
        label="Délai de réponse",
        choices=[("1", "1 jour"), ("2", "2 jours"), ("3", "3 jours"), ("5", "5 jours"), ("7", "7 jours")],
        coerce=int,
        empty_value=None,
        initial="5",
        required=False,
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
