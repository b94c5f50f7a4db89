"""The questions of a list taken over: which file, which columns."""

from typing import Any

from django import forms

from maillon.socle.fichiers.services import TAILLE_MAX
from maillon.socle.fichiers.tableaux import Tableau
from maillon.socle.horloge import today

from .colonnes import find_manque
from .enums import Champ, Genre
from .models import Reprise


class ChampJour(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **options)


class DepotForm(forms.Form):
    fichier = forms.FileField(
        label="Votre liste", help_text="Excel (.xlsx), CSV ou TSV ; une personne par ligne, 10 Mo au plus."
    )
    genre = forms.ChoiceField(
        label="Les personnes de cette liste sont",
        choices=Genre.choices,
        widget=forms.RadioSelect,
        initial=Genre.MEMBRES,
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if (fichier.size or 0) > TAILLE_MAX:
            raise forms.ValidationError("Ce fichier dépasse la limite de 10 Mo. Déposez-le en plusieurs parties.")
        return fichier


class ColonnesForm(forms.Form):
    """What each column holds: one choice a title."""

    genre = forms.ChoiceField(label="Ces personnes sont", choices=Genre.choices, widget=forms.RadioSelect)
    date_defaut = ChampJour(
        label="Date d’adhésion quand la ligne n’en dit pas",
        help_text="Elle ne sert qu’aux membres ajoutés sans date.",
    )
    feuille = forms.ChoiceField(label="Feuille du classeur", required=False)

    def __init__(self, *args: Any, tableau: Tableau, reprise: Reprise, **options: Any) -> None:
        super().__init__(*args, **options)
        self.titres = tableau.entetes
        self.fields["genre"].initial = reprise.genre
        self.fields["date_defaut"].initial = reprise.date_defaut
        feuille = self.fields["feuille"]
        assert isinstance(feuille, forms.ChoiceField)
        if len(tableau.feuilles) > 1:
            feuille.choices = [(nom, nom) for nom in tableau.feuilles]
            feuille.initial = tableau.feuille
        else:
            del self.fields["feuille"]
        choix = [("", "Ne pas lire"), *Champ.choices]
        for rang, titre in enumerate(self.titres):
            self.fields[f"c{rang}"] = forms.ChoiceField(
                label=titre,
                choices=choix,
                required=False,
                initial=reprise.colonnes.get(titre, ""),
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )

    def clean_date_defaut(self) -> Any:
        jour = self.cleaned_data["date_defaut"]
        if jour > today():
            raise forms.ValidationError("Ce jour n’est pas encore passé.")
        return jour

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if manque := find_manque(self.colonnes):
            raise forms.ValidationError(manque)
        return donnees

    @property
    def colonnes(self) -> dict[str, str]:
        return {titre: self.cleaned_data.get(f"c{rang}", "") for rang, titre in enumerate(self.titres)}


class FusionForm(forms.Form):
    """Which value to keep where both rows say something else: the kept row's unless said otherwise."""

    def __init__(self, *args: Any, champs: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for champ in champs:
            if champ.choix:
                self.fields[champ.nom] = forms.ChoiceField(
                    label=champ.libelle,
                    choices=(("gardee", champ.gardee), ("absorbee", champ.absorbee)),
                    widget=forms.RadioSelect,
                    initial="gardee",
                )

    @property
    def prises(self) -> frozenset[str]:
        return frozenset(nom for nom, choix in self.cleaned_data.items() if choix == "absorbee")
