"""What the coordinator enters about money: a payment received, a decision, a date of termination."""

from decimal import Decimal
from typing import Any

from django import forms

from maillon.regles import aci
from maillon.socle.horloge import today

from .donnees import Piece
from .enums import CodeMission, GenreDecision, NatureVersement
from .forms import AIDE_DOCUMENT, ChampDate, check_taille, read_piece
from .models import Contrat

POSTES = (("", "L’ensemble, sans détail"), ("fonctionnement", "Fonctionnement"), *CodeMission.choices)


def list_annees(contrat: Contrat, *, avant: bool = True) -> list[tuple[int, str]]:
    """The contract years, and what comes before the contract."""
    jours = aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)
    annees = [(n, f"Année {n}, depuis le {jour:%d/%m/%Y}") for n, jour in enumerate(jours[:-1], start=1)]
    return [*annees, (0, "Avant le contrat")] if avant else annees


def set_choices(champ: forms.Field, choix: list[tuple[int, str]]) -> None:
    """Give a field the choices that depend on the contract."""
    assert isinstance(champ, forms.ChoiceField)
    champ.choices = choix


class VersementForm(forms.Form):
    le = ChampDate(label="Reçu le")
    montant = forms.DecimalField(
        label="Montant",
        localize=True,
        max_digits=12,
        decimal_places=2,
        help_text="En euros. Un remboursement s’écrit avec un signe moins.",
    )
    annee = forms.TypedChoiceField(label="Pour quelle année ?", coerce=int)
    nature = forms.ChoiceField(label="Nature", choices=NatureVersement.choices, initial=NatureVersement.AVANCE)
    poste = forms.ChoiceField(label="Poste", choices=POSTES, required=False)
    libelle = forms.CharField(
        label="Libellé du virement", required=False, max_length=160, help_text="Comme sur le relevé de compte."
    )
    document = forms.FileField(label="Avis de virement", required=False, help_text=AIDE_DOCUMENT)

    def __init__(self, *args: Any, contrat: Contrat, **options: Any) -> None:
        super().__init__(*args, **options)
        set_choices(self.fields["annee"], list_annees(contrat))
        jours = aci.compute_anniversaires(contrat.signe_le, on=contrat.bareme_le)
        self.fields["annee"].initial = max(min(sum(j <= today() for j in jours), len(jours) - 1), 1)

    def clean_document(self) -> object:
        check_taille(self.cleaned_data["document"])
        return self.cleaned_data["document"]

    @property
    def faits(self) -> dict[str, Any]:
        """What `record_versement` takes."""
        lus = self.cleaned_data
        piece: Piece | None = read_piece(lus["document"])
        return {**lus, "nature": NatureVersement(lus["nature"]), "document": piece}


class DecisionForm(forms.Form):
    genre = forms.ChoiceField(label="Décision", choices=GenreDecision.choices)
    decidee_le = ChampDate(label="À la date du")
    annee = forms.TypedChoiceField(label="Année évaluée", coerce=int)
    mission = forms.ChoiceField(
        label="Mission",
        required=False,
        choices=(("", "Toutes : la date seulement"), *CodeMission.choices),
        help_text="Pour une évaluation : une ligne par mission quand les euros accordés sont connus.",
    )
    montant = forms.DecimalField(
        label="Euros accordés", required=False, localize=True, min_value=Decimal(0), max_digits=12, decimal_places=2
    )

    def __init__(self, *args: Any, contrat: Contrat, **options: Any) -> None:
        super().__init__(*args, **options)
        set_choices(self.fields["annee"], list_annees(contrat, avant=False))

    def clean(self) -> dict[str, object]:
        lus = super().clean() or {}
        evaluation = lus.get("genre") == GenreDecision.EVALUATION
        if evaluation and lus.get("montant") is not None and not lus.get("mission"):
            self.add_error("mission", "Dites à quelle mission ces euros sont accordés.")
        if not evaluation:
            lus["mission"] = ""
        return lus


class ResiliationForm(forms.Form):
    le = ChampDate(label="Le contrat prend fin le", help_text="Premier jour sans contrat.")
