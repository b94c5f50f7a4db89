"""What is asked of people and groups."""

from typing import Any
from uuid import UUID

from django import forms

from maillon.socle.droits.enums import Mission
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import format_telephone

from .enums import GenreGroupe
from .models import Groupe, Personne
from .selectors import list_choix

TELEPHONE = forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"})


class ChampTelephone(forms.CharField):
    """Ten French digits, or an international number; empty when optional."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": "Téléphone", "max_length": 20, "required": False, "widget": TELEPHONE, **options})

    def clean(self, value: Any) -> str:
        brut = super().clean(value)
        digits = "".join(c for c in brut if c.isdigit())
        if brut and not 10 <= len(digits) <= 15:
            raise forms.ValidationError("Un numéro a dix chiffres, par exemple 04 77 12 34 56.")
        return format_telephone(brut) if brut else ""


class ChampJour(forms.DateField):
    """A day, today by default."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, "initial": today, **options})


class PersonneForm(forms.Form):
    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(label="Nom", max_length=80)
    fonction = forms.CharField(
        label="Fonction",
        max_length=120,
        required=False,
        help_text="Par exemple : coordinatrice, directeur d’EHPAD, adjointe à la santé.",
    )
    courriel = forms.EmailField(label="Courriel", required=False)
    telephone = ChampTelephone()

    def __init__(self, *args: Any, personne: Personne | None = None, **options: Any) -> None:
        if personne is not None:
            options["initial"] = {name: getattr(personne, name) for name in self.base_fields}
        super().__init__(*args, **options)


class CoordonneesForm(forms.Form):
    courriel = forms.EmailField(label="Courriel", help_text="Pour les convocations, les reçus et les messages.")
    montre_courriel = forms.BooleanField(label="Montrer mon courriel aux autres membres", required=False)
    telephone = ChampTelephone()
    montre_telephone = forms.BooleanField(label="Montrer mon téléphone aux autres membres", required=False)

    def __init__(self, *args: Any, personne: Personne, **options: Any) -> None:
        options["initial"] = {name: getattr(personne, name) for name in self.base_fields}
        super().__init__(*args, **options)


class GroupeForm(forms.Form):
    nom = forms.CharField(label="Nom", max_length=120)
    genre = forms.ChoiceField(
        label="Genre", choices=[choix for choix in GenreGroupe.choices if choix[0] != GenreGroupe.INSTANCE]
    )
    mission = forms.ChoiceField(
        label="Mission", choices=[("", "Aucune en particulier"), *Mission.choices], required=False
    )
    objet = forms.CharField(label="À quoi il sert", max_length=200, required=False)

    def __init__(self, *args: Any, groupe: Groupe | None = None, **options: Any) -> None:
        if groupe is not None:
            options["initial"] = {name: getattr(groupe, name) for name in self.base_fields}
        super().__init__(*args, **options)
        if groupe is not None and groupe.instance:
            self.fields["genre"].choices = [(GenreGroupe.INSTANCE.value, GenreGroupe.INSTANCE.label)]  # type: ignore[attr-defined]


class AjoutForm(forms.Form):
    """People to put in a group: several at once."""

    personnes = forms.MultipleChoiceField(
        label="Personnes",
        widget=forms.SelectMultiple({"size": 10}),
        help_text="Plusieurs à la fois : touche Ctrl ou Cmd, ou glissez.",
        error_messages={"required": "Choisissez au moins une personne."},
    )
    depuis = ChampJour(label="Depuis le")
    responsable = forms.BooleanField(label="Responsables du groupe", required=False)

    def __init__(self, *args: Any, cpts_id: UUID, sauf: set[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["personnes"].choices = [choix for choix in list_choix(cpts_id) if choix[0] not in sauf]  # type: ignore[attr-defined]


class DepartForm(forms.Form):
    le = ChampJour(label="À partir du")
