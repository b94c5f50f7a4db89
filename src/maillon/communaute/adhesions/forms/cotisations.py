"""Campaigns, payments, exemptions."""

from decimal import Decimal
from typing import Any

from django import forms

from maillon.communaute.personnes.forms import ChampJour
from maillon.socle.horloge import today

from ..enums import ModePaiement
from ..models import Campagne
from ..models.cotisations import PALIERS
from ..services import DonneesCampagne

PREFIXE = "montant_"
CHOIX_PALIERS = [
    ("-30", "30 jours avant"),
    ("-15", "15 jours avant"),
    ("0", "le jour de l’échéance"),
    ("15", "15 jours après"),
    ("30", "30 jours après"),
    ("60", "60 jours après"),
    ("90", "90 jours après"),
]


class CampagneForm(forms.Form):
    """A year's dues; one amount for each college."""

    annee = forms.IntegerField(label="Année", min_value=2000, max_value=2100)
    echeance = ChampJour(label="À payer avant le", initial=None)
    consigne = forms.CharField(
        label="Comment payer",
        max_length=400,
        widget=forms.Textarea({"rows": 2}),
        help_text="Les mots des rappels : l’IBAN, l’ordre du chèque, l’adresse.",
    )
    paliers = forms.MultipleChoiceField(
        label="Rappels par courriel",
        choices=CHOIX_PALIERS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Un courriel par étape et par membre, jamais deux fois ; plus aucun dès que la cotisation est payée.",
    )

    def __init__(
        self,
        *args: Any,
        colleges: list[tuple[str, str]],
        tarifs: dict[str, Decimal],
        campagne: Campagne | None = None,
        **options: Any,
    ) -> None:
        depart: dict[str, Any] = {"annee": today().year, "paliers": [str(palier) for palier in PALIERS]}
        if campagne is not None:
            depart = {
                "echeance": campagne.echeance,
                "consigne": campagne.consigne,
                "paliers": [str(palier) for palier in campagne.paliers],
            }
        options["initial"] = depart | options.get("initial", {})
        super().__init__(*args, **options)
        if campagne is not None:
            del self.fields["annee"]
        for code, nom in colleges:
            self.fields[PREFIXE + code] = forms.DecimalField(
                label=f"Montant, collège « {nom} »",
                min_value=0,
                max_digits=8,
                decimal_places=2,
                localize=True,
                initial=tarifs.get(code),
                help_text="En euros ; 0 pour ne rien demander.",
            )

    def read_donnees(self) -> DonneesCampagne:
        donnees = self.cleaned_data
        return DonneesCampagne(
            echeance=donnees["echeance"],
            consigne=donnees["consigne"],
            tarifs={nom.removeprefix(PREFIXE): v for nom, v in donnees.items() if nom.startswith(PREFIXE)},
            paliers=[int(palier) for palier in donnees["paliers"]],
        )


class ReglementForm(forms.Form):
    mode = forms.ChoiceField(label="Payée par", choices=ModePaiement.choices)
    recu_le = ChampJour(label="Reçue le")

    def clean_recu_le(self) -> Any:
        recu_le = self.cleaned_data["recu_le"]
        if recu_le > today():
            raise forms.ValidationError("Un paiement se note quand il est reçu : choisissez aujourd’hui ou avant.")
        return recu_le


class ExemptionForm(forms.Form):
    motif = forms.CharField(
        label="Motif",
        max_length=200,
        help_text="Par exemple : première année offerte, décision du bureau du 3 mars.",
    )
