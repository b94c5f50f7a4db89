"""What is entered of a partner, of its contacts and of its conventions."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.enums import TypeStructure
from maillon.communaute.structures.models import Partenariat, Structure
from maillon.communaute.territoire.models import Commune
from maillon.communaute.territoire.selectors import search_communes
from maillon.socle.droits.enums import Mission
from maillon.socle.fichiers.services import TAILLE_MAX
from maillon.socle.horloge import today

from .models import Convention, FicheStructure
from .selectors import find_semblables
from .services import DonneesStructure, Piece

TYPES = [("", "Choisir"), *((c, t) for c, t in TypeStructure.choices if c != TypeStructure.CPTS)]


class ChampJour(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **options)


class RechercheForm(forms.Form):
    q = forms.CharField(label="Nom ou numéro FINESS", required=False, max_length=100)
    type = forms.ChoiceField(
        label="Type", required=False, choices=[("", "Tous les types"), *TYPES[1:]], widget=forms.Select
    )


class StructureForm(forms.Form):
    """A structure entered by hand; one that looks like another asks for a confirmation."""

    type = forms.ChoiceField(label="Type", choices=TYPES)
    nom = forms.CharField(label="Nom", max_length=160)
    commune = forms.CharField(label="Commune", max_length=80, help_text="Nom ou code postal.")
    adresse = forms.CharField(label="Adresse", max_length=200, required=False)
    telephone = forms.CharField(label="Téléphone", max_length=20, required=False)
    courriel = forms.EmailField(label="Courriel", required=False)
    lits = forms.IntegerField(label="Lits et places", min_value=0, max_value=5000, required=False)
    nouvelle = forms.BooleanField(
        label="Ce n’est aucune de celles-là", required=False, widget=forms.HiddenInput, initial=False
    )

    semblables: Sequence[Structure] = ()

    def clean_commune(self) -> Commune:
        texte = self.cleaned_data["commune"]
        found = search_communes(texte, limit=6)
        exactes = [commune for commune in found if commune.nom.casefold() == texte.strip().casefold()]
        if len(exactes) == 1 or len(found) == 1:
            return (exactes or found)[0]
        if not found:
            raise forms.ValidationError("Aucune commune ne porte ce nom ni ce code postal.")
        noms = ", ".join(f"{commune.nom} ({(commune.codes_postaux or [commune.pk])[0]})" for commune in found)
        raise forms.ValidationError(f"Plusieurs communes répondent : {noms}. Écrivez le nom ou le code postal exact.")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("nom") and donnees.get("commune") and not donnees.get("nouvelle"):
            self.semblables = find_semblables(donnees["nom"], donnees["commune"])
            if self.semblables:
                self.data = {**dict(self.data.items()), "nouvelle": "on"}
                raise forms.ValidationError(
                    "Une structure de ce nom est déjà connue dans cette commune : choisissez-la ci-dessous, ou "
                    "enregistrez de nouveau si c’en est une autre."
                )
        return donnees

    @property
    def donnees(self) -> DonneesStructure:
        lu = self.cleaned_data
        return DonneesStructure(
            type=TypeStructure(lu["type"]),
            nom=lu["nom"],
            commune=lu["commune"],
            adresse=lu["adresse"],
            telephone=lu["telephone"],
            courriel=lu["courriel"],
            lits=lu["lits"],
        )


class FicheForm(forms.ModelForm):
    """What the community knows better; the national value is said under each field."""

    objet = forms.CharField(
        label="Ce que vous faites ensemble",
        max_length=200,
        required=False,
        help_text="Par exemple : sorties d’hôpital.",
    )

    site = forms.URLField(label="Site internet", required=False, assume_scheme="https")

    class Meta:
        model = FicheStructure
        fields = ("telephone", "courriel", "adresse", "lits", "site", "note")

    field_order = ("objet", "telephone", "courriel", "adresse", "lits", "site", "note")

    def __init__(self, *args: Any, structure: Structure, partenariat: Partenariat, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["objet"].initial = partenariat.objet
        for champ in ("telephone", "courriel", "adresse", "lits"):
            if (national := getattr(structure, champ)) not in ("", None):
                self.fields[champ].help_text = f"Le fichier national dit : {national}."
        self.fields["note"].widget.attrs["rows"] = 4

    @property
    def valeurs(self) -> dict[str, Any]:
        return {champ: self.cleaned_data[champ] for champ in self.Meta.fields}


class ContactForm(forms.ModelForm):
    class Meta:
        model = Personne
        fields = ("prenom", "nom", "fonction", "telephone", "courriel")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if not donnees.get("telephone") and not donnees.get("courriel") and not self.errors:
            self.add_error("telephone", "Donnez un téléphone ou un courriel : c’est par là qu’on joint ce contact.")
        return donnees


class ConventionForm(forms.Form):
    objet = forms.CharField(label="Objet", max_length=200, help_text="Par exemple : accès aux lits d’aval.")
    mission = forms.ChoiceField(label="Mission", required=False, choices=[("", "Aucune"), *Mission.choices])
    signee_le = ChampJour(label="Signée le", required=False, help_text="Vide tant qu’elle n’est pas signée.")
    debut = ChampJour(label="Prend effet le", required=False)
    fin = ChampJour(label="Jusqu’au (inclus)", required=False, help_text="Vide si elle n’a pas de terme.")
    reconduction = forms.IntegerField(
        label="Reconduction tacite, en mois",
        required=False,
        min_value=1,
        max_value=120,
        help_text="Vide si elle doit être signée de nouveau.",
    )
    rappel = forms.IntegerField(label="Me le rappeler, en jours avant le terme", min_value=0, max_value=730, initial=90)
    document = forms.FileField(label="Document", required=False, help_text="PDF, image, Word ou Excel ; 10 Mo au plus.")

    def __init__(self, *args: Any, convention: Convention | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if convention is not None:
            for nom, champ in self.fields.items():
                if nom != "document":
                    champ.initial = getattr(convention, nom)
            if convention.document is not None:
                self.fields["document"].help_text = f"« {convention.document} » est gardé ; un autre le remplace ici."

    def clean_document(self) -> Any:
        fichier = self.cleaned_data["document"]
        if fichier is not None and (fichier.size or 0) > TAILLE_MAX:
            raise forms.ValidationError("Ce document dépasse la limite de 10 Mo.")
        return fichier

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        signee, debut, fin = (donnees.get(nom) for nom in ("signee_le", "debut", "fin"))
        if signee and signee > today():
            self.add_error("signee_le", "Ce jour n’est pas encore passé : laissez vide tant qu’elle n’est pas signée.")
        if fin and (debut or signee) and fin < (debut or signee):
            self.add_error("fin", "La fin précède le début.")
        if donnees.get("reconduction") and not fin and "fin" not in self.errors:
            self.add_error("fin", "Une reconduction tacite suppose un premier terme : donnez sa date.")
        return donnees

    @property
    def valeurs(self) -> dict[str, Any]:
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "document"}

    @property
    def piece(self) -> Piece | None:
        fichier = self.cleaned_data["document"]
        return Piece(fichier.name, fichier.read()) if fichier is not None else None
