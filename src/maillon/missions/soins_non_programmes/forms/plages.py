"""Openings, places, habits and settings."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.territoire.models import Commune
from maillon.regles.erreurs import ErreurRegle
from maillon.regles.horaires import JOURS, build_regle
from maillon.socle.cpts.models import Cpts

from ..enums import Audience, DemiJournee, Feries, Modalite
from ..models import Habitude, LieuConsultation, Reglages
from ..services import Saisie

ANNEES = (2000, 2100)
CHOIX_JOURS = [(str(rang), nom) for rang, nom in enumerate(JOURS)]
DUREES = [(n, f"{n} minutes") for n in (10, 15, 20, 30, 45, 60)]
FREQUENCES = [
    ("une_fois", "Une seule fois"),
    ("1", "Toutes les semaines"),
    ("2", "Une semaine sur deux"),
    ("mois", "Une fois par mois"),
]
RANGS = [("1", "le premier"), ("2", "le deuxième"), ("3", "le troisième"), ("4", "le quatrième"), ("-1", "le dernier")]
PROFESSIONS = [(p.value, p.label.capitalize()) for p in Profession]


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def _hour(**options: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M"), **options)


def _boxes(label: str, choices: Any, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **options)


AIDE_AUDIENCES = (
    "Le centre 15 et le SAS voient tous les créneaux, comme le veut le guide national. Les collègues et les "
    "pharmaciens ne voient que ce qui leur est ouvert."
)


class PlageForm(forms.Form):
    """An opening: when, where, for whom."""

    lieu = forms.ModelChoiceField(LieuConsultation.objects.none(), label="Où", empty_label=None)
    modalite = forms.ChoiceField(label="Comment", choices=Modalite.choices, initial=Modalite.CABINET)
    frequence = forms.ChoiceField(label="Répétition", choices=FREQUENCES, widget=forms.RadioSelect, initial="1")
    jours = _boxes("Quels jours", CHOIX_JOURS, required=False)
    rang = forms.ChoiceField(label="Lequel du mois (une fois par mois)", choices=RANGS, required=False)
    jour = _day(label="À partir du", help_text="Le jour même, pour une seule fois.")
    jusque = _day(label="Jusqu’au (compris)", required=False)
    de = _hour(label="De")
    a = _hour(label="À")
    duree = forms.TypedChoiceField(label="Durée d’un créneau", choices=DUREES, coerce=int, initial=20)
    audiences = _boxes("Qui peut voir ces créneaux", Audience.choices, help_text=AIDE_AUDIENCES)
    reservable = forms.BooleanField(
        label="Sur rendez-vous",
        required=False,
        initial=True,
        help_text="Sinon, les personnes viennent sans rendez-vous.",
    )
    feries = forms.ChoiceField(label="Jours fériés", choices=Feries.choices, initial=Feries.COMMUNAUTE)
    partages = _boxes("Montrer aussi à", [], required=False)

    def __init__(
        self, *args: Any, lieux: Collection[LieuConsultation], autres: Sequence[Cpts] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        champs: dict[str, Any] = self.fields
        champs["lieu"].queryset = LieuConsultation.objects.filter(pk__in=[lieu.pk for lieu in lieux])
        champs["partages"].choices = [(str(cpts.pk), cpts.nom) for cpts in autres]
        if not autres:
            del self.fields["partages"]

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or self.cleaned_data
        lu["regle"] = ""
        if lu.get("frequence") not in (None, "une_fois"):
            try:
                lu["regle"] = self._build_regle(lu)
            except ErreurRegle as erreur:
                self.add_error("jours", str(erreur))
        if lu.get("de") and lu.get("a") and lu["a"] <= lu["de"]:
            self.add_error("a", "L’heure de fin vient après l’heure de début.")
        if lu["regle"] and lu.get("jusque") and lu.get("jour") and lu["jusque"] < lu["jour"]:
            self.add_error("jusque", "Le dernier jour vient après le premier.")
        return lu

    def _build_regle(self, lu: dict[str, Any]) -> str:
        jours = [int(jour) for jour in lu.get("jours", [])]
        if lu["frequence"] == "mois":
            return build_regle(jours, rang=int(lu.get("rang") or "1"))
        return build_regle(jours, toutes_les=int(lu["frequence"]))

    def to_saisie(self) -> Saisie:
        lu = self.cleaned_data
        return Saisie(
            lieu=lu["lieu"],
            jour=lu["jour"],
            de=lu["de"],
            a=lu["a"],
            duree=lu["duree"],
            audiences=lu["audiences"],
            modalite=lu["modalite"],
            regle=lu["regle"],
            jusque=lu["jusque"] if lu["regle"] else None,
            feries=lu["feries"],
            reservable=lu["reservable"],
            partages=[UUID(pk) for pk in lu.get("partages", [])],
        )


class ChoixProfessionnelForm(forms.Form):
    """For whom the desk opens."""

    professionnel = forms.ModelChoiceField(Professionnel.objects.none(), label="Professionnel", empty_label="Choisir")

    def __init__(self, *args: Any, professionnels: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["professionnel"]
        champ.queryset = professionnels
        champ.label_from_instance = lambda p: f"{p.nom} {p.prenom}, {p.libelle_profession}"


class PlacesForm(forms.Form):
    """« 3 places cet après-midi »."""

    places = forms.IntegerField(min_value=1, max_value=12)
    quand = forms.ChoiceField(choices=DemiJournee.choices)


class LieuForm(forms.ModelForm):
    """Where a professional receives."""

    commune = forms.ModelChoiceField(Commune.objects.none(), label="Commune", empty_label="Choisir")

    class Meta:
        model = LieuConsultation
        fields = ("libelle", "adresse", "code_postal", "commune", "telephone")

    def __init__(self, *args: Any, communes: Sequence[Commune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["commune"]
        champ.queryset = Commune.objects.filter(pk__in=[commune.pk for commune in communes])


class HabitudeForm(forms.ModelForm):
    """How places open in one touch."""

    duree = forms.TypedChoiceField(label="Durée d’un créneau", choices=DUREES, coerce=int)
    audiences = _boxes("Qui peut voir ces places", Audience.choices, help_text=AIDE_AUDIENCES)
    jours = forms.TypedMultipleChoiceField(
        label="Quels jours", choices=CHOIX_JOURS, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Habitude
        fields = ("lieu", "duree", "modalite", "audiences", "matin", "jours")

    def __init__(self, *args: Any, lieux: Collection[LieuConsultation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["lieu"]
        champ.queryset = LieuConsultation.objects.filter(pk__in=[lieu.pk for lieu in lieux])
        champ.label, champ.empty_label = "Où", None
        self.fields["matin"].help_text = "Un lien chaque matin, sans mot de passe ; un geste ouvre vos places du jour."


class ReglagesForm(forms.ModelForm):
    """What the community decides."""

    promis = _boxes("Professions présentes chaque après-midi", PROFESSIONS)
    promis_de = _hour(label="Chaque après-midi, de")
    promis_a = _hour(label="à")

    class Meta:
        model = Reglages
        fields = (
            "promis_de", "promis_a", "promis", "ouvert_les_feries", "pdsa_refusee", "retenue_minutes", "vague_minutes",
            "par_vague", "rappel_heures",
        )  # fmt: skip
        help_texts = {
            "pdsa_refusee": "Le soir dès 20 h, le samedi dès midi, dimanches et jours fériés. Sinon ces créneaux sont "
            "acceptés et comptés à part, hors ACI.",
            "retenue_minutes": "Le temps de saisir la personne ; ensuite le créneau est rendu.",
            "vague_minutes": "Quand aucun créneau ne convient, des professionnels sont sollicités par vagues.",
        }


def parse_jour(brut: str) -> date | None:
    """A day of an address; None when it is not one, or of no use to anybody alive."""
    try:
        jour = date.fromisoformat(brut)
    except ValueError:
        return None
    return jour if ANNEES[0] <= jour.year <= ANNEES[1] else None


def read_jour(brut: str, *, sinon: date) -> date:
    """A day of an address; another when it makes no sense."""
    return parse_jour(brut) or sinon
