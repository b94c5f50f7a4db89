"""What a doctor offers, said in ten seconds."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms

from maillon.communaute.champs import ChampDate
from maillon.socle.horloge import today

from ..enums import Langue
from ..enums_places import Secteur
from ..models import Capacite
from ..selectors.recensement import split_restantes

CASE = forms.CheckboxInput(attrs={"class": "form-check-input"})
GENRES = ("accepte_adultes", "accepte_enfants", "accepte_ald", "accepte_visites")
# Six months, and some days for whoever counts in months.
AVENIR_JOURS = 190


def _count(label: str, **options: Any) -> forms.IntegerField:
    """A number with big buttons beside it, which a script adds."""
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=200,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "data-pas": "1"}),
        error_messages={"max_value": "Indiquez au plus 200 places.", "min_value": "Indiquez 0 ou plus."},
        **options,
    )


class PlacesForm(forms.Form):
    """Places now, places within six months, whom; a doctor of several places of work says places for each."""

    places = _count("Maintenant")
    places_prevues = _count("De plus, d’ici six mois", required=False)
    prevues_des = ChampDate(label="À partir du", required=False)
    accepte_tous = forms.BooleanField(label="Tous les patients", required=False, initial=True, widget=CASE)
    accepte_adultes = forms.BooleanField(label="Adultes sans ALD", required=False, initial=True, widget=CASE)
    accepte_enfants = forms.BooleanField(label="Enfants", required=False, initial=True, widget=CASE)
    accepte_ald = forms.BooleanField(label="Patients en ALD", required=False, initial=True, widget=CASE)
    accepte_visites = forms.BooleanField(label="Visites à domicile", required=False, widget=CASE)
    secteur = forms.ChoiceField(label="Secteur", required=False, choices=[("", "Non dit"), *Secteur.choices])
    acces_pmr = forms.ChoiceField(
        label="Cabinet accessible en fauteuil roulant",
        required=False,
        choices=[("", "Non dit"), ("oui", "Oui"), ("non", "Non")],
    )
    langues = forms.MultipleChoiceField(
        label="Langues parlées, en plus du français",
        required=False,
        choices=[choix for choix in Langue.choices if choix[0] not in (Langue.FRANCAIS, Langue.AUTRE)],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, lieux: Sequence[tuple[UUID, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.lieux = {f"lieu_{activite}": activite for activite, _ in lieux} if len(lieux) > 1 else {}
        if self.lieux:
            del self.fields["places"]
            for activite, nom in lieux:
                self.fields[f"lieu_{activite}"] = _count(nom)

    @property
    def champs_places(self) -> list[forms.BoundField]:
        """The steppers of today: one, or one a place of work."""
        return [self[nom] for nom in self.lieux or ("places",)]

    @property
    def champs_genres(self) -> list[forms.BoundField]:
        return [self[nom] for nom in ("accepte_tous", *GENRES)]

    def clean_prevues_des(self) -> date | None:
        jour: date | None = self.cleaned_data["prevues_des"]
        if jour and self.cleaned_data.get("places_prevues"):
            if jour <= today():
                raise forms.ValidationError(
                    "Indiquez un jour à venir ; ce que vous offrez déjà va dans « Maintenant »."
                )
            if jour > today() + timedelta(days=AVENIR_JOURS):
                raise forms.ValidationError("Indiquez un jour d’ici six mois.")
        return jour

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("accepte_tous"):
            donnees |= dict.fromkeys(("accepte_adultes", "accepte_enfants", "accepte_ald"), True)
        offered = sum(donnees.get(nom) or 0 for nom in ("places", "places_prevues", *self.lieux))
        if offered and not any(donnees.get(nom) for nom in GENRES):
            self.add_error("accepte_tous", "Cochez au moins un genre de patients, ou indiquez 0 place.")
        if offered > 200:
            self.add_error("places_prevues", "Indiquez au plus 200 places en tout.")
        if donnees.get("places_prevues") and not donnees.get("prevues_des") and "prevues_des" not in self.errors:
            self.add_error("prevues_des", "Dites à partir de quel jour vous aurez ces places.")
        return donnees

    def to_capacite(self) -> dict[str, Any]:
        """What the service takes, beside the doctor and the author."""
        donnees = self.cleaned_data
        par_lieu = {activite: donnees[nom] for nom, activite in self.lieux.items()}
        return {
            **{nom: donnees[nom] for nom in GENRES},
            "places": sum(par_lieu.values()) if par_lieu else donnees["places"],
            "par_lieu": par_lieu,
            "places_prevues": donnees["places_prevues"] or 0,
            "prevues_des": donnees["prevues_des"],
            "secteur": donnees["secteur"],
            "langues": donnees["langues"],
            "acces_pmr": {"oui": True, "non": False}.get(donnees["acces_pmr"]),
        }


def places_initial(capacite: Capacite | None, par_lieu: Mapping[UUID, int] | None = None) -> dict[str, Any]:
    """What a doctor offered, to be corrected in ten seconds; the count shown is what is left."""
    if capacite is None:
        return {}
    lieux = list((par_lieu or {}).items())
    shares = split_restantes(capacite.restantes, [places for _, places in lieux])
    return {
        "places": capacite.restantes,
        **{f"lieu_{lieu}": share for (lieu, _), share in zip(lieux, shares, strict=True)},
        "places_prevues": capacite.places_prevues,
        "prevues_des": capacite.prevues_des,
        "accepte_tous": capacite.accepte_tous,
        **{nom: getattr(capacite, nom) for nom in GENRES},
        "secteur": capacite.secteur,
        "langues": capacite.langues,
        "acces_pmr": {True: "oui", False: "non", None: ""}[capacite.acces_pmr],
    }
