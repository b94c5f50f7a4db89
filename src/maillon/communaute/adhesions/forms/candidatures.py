"""The public form, the decisions, the invitations."""

from typing import Any

from django import forms

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.personnes.forms import ChampJour, ChampTelephone
from maillon.communaute.structures.models import Structure
from maillon.socle.horloge import today

from ..enums import Organe
from ..models import Candidature
from ..services import Saisie

AUTRE = "autre"
PROFESSIONS = [
    ("", "Choisissez"),
    *((label, label[0].upper() + label[1:]) for _, label in Profession.choices),
    (AUTRE, "Autre métier"),
]


class CandidatureForm(forms.Form):
    """Who applies, in one page."""

    prenom = forms.CharField(label="Prénom", max_length=80, widget=forms.TextInput({"autocomplete": "given-name"}))
    nom = forms.CharField(label="Nom", max_length=80, widget=forms.TextInput({"autocomplete": "family-name"}))
    profession = forms.ChoiceField(label="Profession", choices=PROFESSIONS)
    rpps = forms.CharField(
        label="Numéro RPPS",
        required=False,
        max_length=20,
        help_text="11 chiffres, sur votre carte CPS. Il nous évite de vous redemander ce que l’annuaire sait déjà.",
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    lieu = forms.CharField(
        label="Lieu d’exercice", max_length=160, help_text="La commune, et le cabinet ou l’établissement."
    )
    structure_nom = forms.CharField(
        label="Au nom d’une structure",
        max_length=160,
        required=False,
        help_text="Seulement si c’est elle qui adhère : laboratoire, maison de santé, EHPAD, association…",
    )
    courriel = forms.EmailField(label="Courriel", widget=forms.EmailInput({"autocomplete": "email"}))
    telephone = ChampTelephone()
    souhait = forms.CharField(
        label="Ce qui vous intéresse",
        max_length=600,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="Par exemple : les soins non programmés, un groupe de travail. Rien sur un patient.",
    )

    def clean_rpps(self) -> str:
        rpps = "".join(self.cleaned_data["rpps"].split())
        if rpps and not (rpps.isdigit() and len(rpps) == 11):
            raise forms.ValidationError(
                "Un numéro RPPS a 11 chiffres. Laissez vide si vous ne l’avez pas sous la main."
            )
        return rpps

    def read_saisie(self) -> Saisie:
        donnees = dict(self.cleaned_data)
        if donnees["profession"] == AUTRE:
            donnees["profession"] = "autre métier"
        return Saisie(**donnees)


class DecisionForm(forms.Form):
    """Which body decided, and when."""

    organe = forms.ChoiceField(label="Décision de", choices=Organe.choices)
    le = ChampJour(label="Prise le")

    def clean_le(self) -> Any:
        le = self.cleaned_data["le"]
        if le > today():
            raise forms.ValidationError("Une décision se note une fois prise : choisissez aujourd’hui ou avant.")
        return le


class AcceptationForm(DecisionForm):
    college = forms.ChoiceField(label="Collège")

    def __init__(self, *args: Any, colleges: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["college"].choices = colleges  # type: ignore[attr-defined]


class RefusForm(DecisionForm):
    motif = forms.CharField(
        label="Motif",
        max_length=300,
        help_text="Le candidat le lit dans le courriel.",
        widget=forms.Textarea({"rows": 2}),
    )


class CollegeForm(forms.Form):
    """To move a member."""

    college = forms.ChoiceField(label="Collège")

    def __init__(self, *args: Any, colleges: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["college"].choices = colleges  # type: ignore[attr-defined]


class IdentiteForm(forms.Form):
    """Who, in the directory, an application comes from."""

    q = forms.CharField(label="Nom, ou numéro RPPS ou FINESS", max_length=100)


class InvitesForm(forms.Form):
    """Step one of an invitation: whom."""

    qui = forms.CharField(
        label="Qui inviter",
        max_length=6000,
        help_text="Un par ligne, 50 au plus : son numéro RPPS ou son nom, et son courriel si vous l’avez.",
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": "Écrivez au moins un numéro RPPS ou un nom."},
    )
    accord = forms.BooleanField(
        label="Le bureau a déjà donné son accord",
        required=False,
        help_text="Qui accepte l’invitation devient membre aussitôt. Sinon, une candidature attend la décision.",
    )


def read_adherent(brut: str) -> Professionnel | Structure | None:
    """The professional or the structure named by a button of the page, « p:… » or « s:… »."""
    genre, _, cle = brut.partition(":")
    model = {"p": Professionnel, "s": Structure}.get(genre)
    field = forms.UUIDField()
    try:
        pk = field.clean(cle)
    except forms.ValidationError:
        return None
    return model.objects.filter(pk=pk).first() if model else None  # type: ignore[attr-defined]


def build_acceptation(candidature: Candidature, colleges: list[tuple[str, str]], guess: str) -> AcceptationForm:
    """The form of an acceptance, with the college that the profession suggests."""
    adhesion = candidature.adhesion
    return AcceptationForm(colleges=colleges, initial={"college": adhesion.college if adhesion else guess})
