"""Campaigns, what frees time, who leaves and who comes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.champs import ChampDate
from maillon.communaute.territoire.models import Commune
from maillon.regles.protocoles import list_protocoles
from maillon.socle.horloge import today

from ..enums_places import DEPARTS, Appel, Certitude, GenreMouvement, NatureRenfort, StatutRenfort
from ..models import Mouvement, Renfort
from ..services import SaisieMouvement, SaisieRenfort
from .champs import Formulaire

CASE = forms.CheckboxInput(attrs={"class": "form-check-input"})


class CampagneForm(Formulaire):
    """Whom to ask, until when, reminders."""

    titre = forms.CharField(label="Titre", max_length=80)
    avec_non_membres = forms.BooleanField(
        label="Interroger aussi les généralistes du territoire qui ne sont pas membres", required=False, widget=CASE
    )
    echeance = ChampDate(label="Réponse attendue avant le")
    rappel_1 = ChampDate(label="Premier rappel", required=False)
    rappel_2 = ChampDate(label="Second rappel", required=False)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        limit = donnees.get("echeance")
        if limit and limit <= today():
            self.add_error("echeance", "Choisissez un jour à venir.")
        for nom in ("rappel_1", "rappel_2"):
            jour = donnees.get(nom)
            if jour and (jour <= today() or (limit and jour > limit)):
                self.add_error(nom, "Un rappel part après aujourd’hui, et pas après la date limite.")
        if donnees.get("rappel_2") and not donnees.get("rappel_1"):
            self.add_error("rappel_1", "Donnez d’abord le premier rappel.")
        elif donnees.get("rappel_2") and donnees["rappel_2"] <= donnees["rappel_1"]:
            self.add_error("rappel_2", "Le second rappel vient après le premier.")
        return donnees

    @property
    def rappels(self) -> list[Any]:
        return [jour for nom in ("rappel_1", "rappel_2") if (jour := self.cleaned_data[nom])]


def campagne_initial() -> dict[str, Any]:
    """Two weeks, two reminders."""
    jour = today()
    mois = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre")
    nom = (*mois, "novembre", "décembre")[jour.month - 1]
    return {
        "titre": f"Recensement {'d’' if nom[0] in 'ao' else 'de '}{nom}",
        "echeance": jour + timedelta(days=14),
        "rappel_1": jour + timedelta(days=5),
        "rappel_2": jour + timedelta(days=10),
    }


class AppelRecensementForm(forms.Form):
    appel = forms.ChoiceField(choices=Appel.choices)


class ChoixMedecins(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class RenfortForm(Formulaire):
    """A medical assistant, an IPA, a delegation protocol."""

    nature = forms.ChoiceField(label="Nature", choices=NatureRenfort.choices)
    intitule = forms.CharField(
        label="Où, ou pour qui",
        max_length=120,
        required=False,
        help_text="Par exemple : cabinet de la place Jean-Jaurès.",
    )
    protocole = forms.ChoiceField(label="Protocole national", required=False)
    depuis = ChampDate(label="Depuis le")
    jusqu_au = ChampDate(label="Jusqu’au", required=False)
    numero = forms.CharField(label="Numéro de dossier", max_length=60, required=False)
    medecins = ChoixMedecins(
        label="Médecins concernés", queryset=Professionnel.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    patients = forms.IntegerField(
        label="Patients de plus que cela permet de suivre",
        min_value=0,
        max_value=20_000,
        required=False,
        help_text="Un potentiel : il n’ajoute aucune place. Seul le médecin dit ses places.",
    )
    source = forms.CharField(
        label="Source de ce nombre", max_length=200, required=False, help_text="Par exemple : contrat, cabinet, bilan."
    )
    statut = forms.ChoiceField(label="Statut", choices=StatutRenfort.choices, initial=StatutRenfort.A_CONFIRMER)

    def __init__(self, *args: Any, medecins: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["medecins"].queryset = medecins  # type: ignore[attr-defined]
        self.fields["protocole"].choices = [  # type: ignore[attr-defined]
            ("", "Aucun"),
            *((p.code, f"{p.nom}{' (à confirmer)' if p.a_confirmer else ''}") for p in list_protocoles(on=today())),
        ]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("nature") == NatureRenfort.PROTOCOLE and not donnees.get("protocole"):
            self.add_error("protocole", "Dites quel protocole est appliqué.")
        if donnees.get("patients") is not None and not donnees.get("source"):
            self.add_error("source", "Dites d’où vient ce nombre.")
        if donnees.get("jusqu_au") and donnees.get("depuis") and donnees["jusqu_au"] < donnees["depuis"]:
            self.add_error("jusqu_au", "La fin vient après le début.")
        return donnees

    def to_saisie(self) -> SaisieRenfort:
        donnees = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "medecins"}
        nature, statut = NatureRenfort(donnees.pop("nature")), StatutRenfort(donnees.pop("statut"))
        return SaisieRenfort(nature=nature, statut=statut, **donnees)


def renfort_initial(renfort: Renfort) -> dict[str, Any]:
    names = ("nature", "intitule", "protocole", "depuis", "jusqu_au", "numero", "patients", "source", "statut")
    return {nom: getattr(renfort, nom) for nom in names} | {"medecins": list(renfort.medecins.all())}


class MouvementForm(Formulaire):
    """A departure, with the patients left; or an arrival, with the places expected."""

    genre = forms.ChoiceField(label="Genre", choices=GenreMouvement.choices)
    professionnel = forms.ModelChoiceField(
        label="Médecin", queryset=Professionnel.objects.none(), required=False, empty_label="Pas encore connu"
    )
    intitule = forms.CharField(
        label="Qui arrive, si son nom n’est pas connu",
        max_length=120,
        required=False,
        help_text="Par exemple : un cabinet de deux médecins.",
    )
    commune = forms.ChoiceField(label="Commune", required=False)
    le = ChampDate(label="Le")
    certitude = forms.ChoiceField(label="Certitude", choices=Certitude.choices, initial=Certitude.ANNONCE)
    source = forms.CharField(label="Source", max_length=200, required=False)
    patients = forms.IntegerField(label="Départ : patients laissés", min_value=0, max_value=20_000, required=False)
    patients_ald = forms.IntegerField(label="dont en ALD", min_value=0, max_value=20_000, required=False)
    patients_plus_70 = forms.IntegerField(label="dont plus de 70 ans", min_value=0, max_value=20_000, required=False)
    places = forms.IntegerField(label="Arrivée : places attendues", min_value=0, max_value=20_000, required=False)

    def __init__(self, *args: Any, medecins: Any, communes: Iterable[Commune], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["professionnel"].queryset = medecins  # type: ignore[attr-defined]
        self.fields["commune"].choices = [("", "Non dite"), *((c.pk, c.nom) for c in communes)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        depart = donnees.get("genre") in DEPARTS
        if depart and not donnees.get("professionnel"):
            self.add_error("professionnel", "Choisissez le médecin qui part.")
        if not depart and not donnees.get("professionnel") and not donnees.get("intitule"):
            self.add_error("intitule", "Dites qui arrive.")
        for nom in ("patients_ald", "patients_plus_70"):
            if depart and (donnees.get(nom) or 0) > (donnees.get("patients") or 0):
                self.add_error(nom, "Ce nombre fait partie des patients laissés.")
        return donnees

    def to_saisie(self) -> SaisieMouvement:
        donnees = self.cleaned_data
        medecin = donnees["professionnel"]
        names = ("le", "intitule", "source", "patients", "patients_ald", "patients_plus_70", "places")
        return SaisieMouvement(
            genre=GenreMouvement(donnees["genre"]),
            certitude=Certitude(donnees["certitude"]),
            professionnel_id=medecin.pk if medecin else None,
            commune_id=donnees["commune"] or None,
            **{nom: donnees[nom] for nom in names},
        )


def mouvement_initial(mouvement: Mouvement) -> dict[str, Any]:
    names = ("genre", "professionnel", "intitule", "le", "certitude", "source", "patients", "patients_ald")
    initial = {nom: getattr(mouvement, nom) for nom in (*names, "patients_plus_70", "places")}
    return initial | {"commune": mouvement.commune_id or ""}
