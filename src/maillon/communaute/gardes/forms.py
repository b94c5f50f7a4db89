"""What is typed about rosters."""

from datetime import date, time
from typing import Any

from django import forms

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.champs import ChampDate
from maillon.socle.horloge import today

from .enums import Choix, Feries
from .heures import Motif
from .selectors import say_profession
from .services import DonneesTableau

SEMAINE = [
    ("1", "lundi"), ("2", "mardi"), ("3", "mercredi"), ("4", "jeudi"), ("5", "vendredi"), ("6", "samedi"),
    ("7", "dimanche"),
]  # fmt: skip
USUELLES = (
    Profession.MEDECIN,
    Profession.INFIRMIER,
    Profession.MASSEUR_KINESITHERAPEUTE,
    Profession.SAGE_FEMME,
    Profession.CHIRURGIEN_DENTISTE,
    Profession.PHARMACIEN,
)
PROFESSIONS = [(code.value, say_profession(code)) for code in USUELLES]
JOURS_MAX = 366


class ChampHeure(forms.TimeField):
    """An hour, by the browser's own clock."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **options)


class ChampCases(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class LimitesForm(forms.Form):
    """The name and the limits of a roster."""

    nom = forms.CharField(label="Nom du tableau", max_length=120)
    voeux_avant = ChampDate(label="Vœux attendus avant le", required=False)
    max_semaine = forms.IntegerField(
        label="Gardes par semaine, au plus", min_value=1, max_value=7, initial=2, help_text="Pour une même personne."
    )
    max_weekends = forms.IntegerField(label="Week-ends par mois, au plus", min_value=0, max_value=5, initial=2)
    ecart_heures = forms.IntegerField(
        label="Heures entre deux gardes, au moins", min_value=0, max_value=168, initial=12
    )


class TableauForm(LimitesForm):
    """A roster from a pattern: a period, professions, hours."""

    nom = forms.CharField(
        label="Nom du tableau",
        max_length=120,
        required=False,
        help_text="Vide : la période, par exemple « Décembre 2026 ».",
    )
    debut = ChampDate(label="Premier jour")
    fin = ChampDate(label="Dernier jour")
    professions = ChampCases(label="Professions de garde", choices=PROFESSIONS)
    jours = ChampCases(label="Jours", choices=SEMAINE, initial=["1", "2", "3", "4", "5"])
    de = ChampHeure(label="De", initial=time(14))
    a = ChampHeure(
        label="À", initial=time(20), help_text="Une heure plus petite que la première est celle du lendemain."
    )
    autres_jours = ChampCases(
        label="Autres jours, à d’autres heures",
        choices=SEMAINE,
        required=False,
        help_text="Par exemple le samedi matin.",
    )
    autres_de = ChampHeure(label="De", required=False)
    autres_a = ChampHeure(label="À", required=False)
    feries = forms.ChoiceField(
        label="Jours fériés", choices=Feries.choices, widget=forms.RadioSelect, initial=Feries.COMME_DIMANCHE
    )
    nombre = forms.IntegerField(
        label="Combien de personnes à la fois, par profession", min_value=1, max_value=20, initial=1
    )
    lieu = forms.CharField(
        label="Lieu", max_length=160, required=False, help_text="Vide si chacun est de garde dans son cabinet."
    )
    telephone = forms.CharField(label="Téléphone du lieu", max_length=20, required=False)

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        debut, fin = lu.get("debut"), lu.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "Le dernier jour précède le premier.")
        elif debut and fin and (fin - debut).days >= JOURS_MAX:
            self.add_error("fin", "Un tableau couvre un an au plus.")
        if lu.get("voeux_avant") and debut and lu["voeux_avant"] >= debut:
            self.add_error("voeux_avant", "Les vœux se disent avant le premier jour du tableau.")
        if lu.get("autres_jours"):
            for champ in ("autres_de", "autres_a"):
                if not lu.get(champ) and champ not in self.errors:
                    self.add_error(champ, "Indiquez l’heure.")
        if set(lu.get("jours", [])) & set(lu.get("autres_jours", [])) and "autres_jours" not in self.errors:
            self._check_distinct(lu)
        return lu

    def _check_distinct(self, lu: dict[str, Any]) -> None:
        de, a, autres_de, autres_a = (lu.get(champ) for champ in ("de", "a", "autres_de", "autres_a"))
        if de and a and autres_de and autres_a and autres_de < a and de < autres_a:
            self.add_error("autres_de", "Ces heures chevauchent les premières, le même jour.")

    @property
    def donnees(self) -> DonneesTableau:
        lu = self.cleaned_data
        motifs = [Motif(frozenset(map(int, lu["jours"])), lu["de"], lu["a"])]
        if lu["autres_jours"]:
            motifs.append(Motif(frozenset(map(int, lu["autres_jours"])), lu["autres_de"], lu["autres_a"]))
        return DonneesTableau(
            nom=lu["nom"] or name_periode(lu["debut"], lu["fin"]),
            debut=lu["debut"],
            fin=lu["fin"],
            professions=lu["professions"],
            motifs=motifs,
            feries=Feries(lu["feries"]),
            nombre=lu["nombre"],
            lieu=lu["lieu"],
            telephone=lu["telephone"],
            voeux_avant=lu["voeux_avant"],
            max_semaine=lu["max_semaine"],
            max_weekends=lu["max_weekends"],
            ecart_heures=lu["ecart_heures"],
        )


MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def name_periode(debut: date, fin: date) -> str:
    """« Décembre 2026 », « Novembre et décembre 2026 », « Décembre 2026 à février 2027 »."""
    de, a = MOIS[debut.month - 1], f"{MOIS[fin.month - 1]} {fin.year}"
    if (debut.year, debut.month) == (fin.year, fin.month):
        return a.capitalize()
    if debut.year != fin.year:
        return f"{de} {debut.year} à {a}".capitalize()
    return f"{de} {'et' if fin.month == debut.month + 1 else 'à'} {a}".capitalize()


class VoeuxOuvrirForm(forms.Form):
    """Until when wishes are awaited."""

    voeux_avant = ChampDate(label="Répondre avant le")

    def clean_voeux_avant(self) -> date:
        jour: date = self.cleaned_data["voeux_avant"]
        if jour < today():
            raise forms.ValidationError("Choisissez un jour à venir.")
        return jour


class PosteForm(forms.Form):
    """How many, and where."""

    nombre = forms.IntegerField(label="Combien de personnes", min_value=1, max_value=20)
    lieu = forms.CharField(label="Lieu", max_length=160, required=False)
    telephone = forms.CharField(label="Téléphone du lieu", max_length=20, required=False)


class PosteNouveauForm(PosteForm):
    """One more shift."""

    profession = forms.ChoiceField(label="Profession", choices=PROFESSIONS)
    jour = ChampDate(label="Jour")
    de = ChampHeure(label="De", initial=time(14))
    a = ChampHeure(label="À", initial=time(20))
    field_order = ("profession", "jour", "de", "a", "nombre", "lieu", "telephone")


class PartForm(forms.Form):
    """A part-time load."""

    part = forms.IntegerField(label="Part de temps (%)", min_value=10, max_value=100)


class CalculForm(forms.Form):
    """How long to search, and around what."""

    duree = forms.TypedChoiceField(
        label="Temps de calcul, au plus",
        choices=[(10, "10 secondes"), (30, "30 secondes"), (60, "1 minute"), (120, "2 minutes")],
        coerce=int,
        initial=30,
    )
    garder = forms.BooleanField(label="Garder les gardes que j’ai placées à la main", required=False, initial=True)


class AbsenceForm(forms.Form):
    """Who drops out, and when."""

    participant = forms.ChoiceField(label="Qui ne peut plus")
    du = ChampDate(label="Du")
    au = ChampDate(label="Au")

    def __init__(self, *args: Any, participants: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["participant"].choices = [("", "Choisissez"), *participants]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if lu.get("du") and lu.get("au") and lu["au"] < lu["du"]:
            self.add_error("au", "Le dernier jour précède le premier.")
        return lu


class PassationForm(forms.Form):
    """What the next one on duty should know."""

    texte = forms.CharField(
        label="À transmettre",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="L’organisation seulement : matériel, clés, horaires. Ni nom, ni numéro, ni situation d’un patient.",
    )


def read_voeux(envoi: Any, jours: list[date]) -> dict[date, Choix]:
    """What a person says of each day (`j-2026-12-24`); a day without a word is free."""
    dits: dict[date, Choix] = {}
    for jour in jours:
        dit = envoi.get(f"j-{jour.isoformat()}", "")
        if dit in Choix.values:
            dits[jour] = Choix(dit)
    return dits
