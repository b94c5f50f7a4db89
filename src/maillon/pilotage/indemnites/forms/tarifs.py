"""What the bodies of the association decided."""

from decimal import Decimal
from typing import Any

from django import forms

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.champs import AIDE_DOCUMENT, ChampDate
from maillon.communaute.structures.models import Structure
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.forms import check_taille, read_piece
from maillon.socle.horloge import today

from ..enums import Fonction, Instance, Mode, Nature, Poste
from .champs import ChampEuros, ChampNombre


class AvecDocument(forms.Form):
    """A form that takes the document of the decision."""

    piece = forms.FileField(label="Document", required=False, help_text=AIDE_DOCUMENT)

    def clean_piece(self) -> object:
        check_taille(self.cleaned_data["piece"])
        return self.cleaned_data["piece"]

    def read(self) -> dict[str, Any]:
        """What the service takes."""
        d: dict[str, Any] = {nom: valeur for nom, valeur in self.cleaned_data.items() if nom != "piece"}
        document: Piece | None = read_piece(self.cleaned_data["piece"])
        return {**d, "document": document}


class DecisionForm(AvecDocument):
    instance = forms.ChoiceField(label="Décidé par", choices=Instance.choices)
    decide_le = ChampDate(label="Décidé le")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["decide_le"].initial = today()


class TarifForm(DecisionForm):
    fonction = forms.ChoiceField(label="Fonction", choices=Fonction.choices, initial=Fonction.PARTICIPANT)
    mission = forms.ChoiceField(label="Mission", required=False, choices=[("", "Toutes"), *Poste.choices])
    profession = forms.ChoiceField(
        label="Profession",
        required=False,
        choices=[("", "Toutes"), *Profession.choices],
        help_text="L’indemnité d’une profession s’appuie sur le calcul du bureau, à enregistrer d’abord.",
    )
    nature = forms.ChoiceField(
        label="C’est",
        widget=forms.RadioSelect,
        initial=Nature.REMUNERATION,
        choices=(
            (Nature.INDEMNITE, "Une indemnité : elle compense un revenu perdu pour une fonction de l’association"),
            (Nature.REMUNERATION, "Une rémunération : elle paie une participation à une mission"),
        ),
    )
    mode = forms.ChoiceField(label="Payé", choices=Mode.choices)
    montant = ChampEuros(label="Montant, en euros")
    heures_max = ChampNombre(
        label="Heures payées au plus par séance", required=False, min_value=Decimal("0.25"), max_value=24
    )
    debut = ChampDate(label="À partir du")
    fin = ChampDate(label="Jusqu’au (exclu)", required=False, help_text="Vide : jusqu’à un prochain tarif.")

    field_order = (
        "fonction", "mission", "profession", "nature", "mode", "montant", "heures_max", "debut", "fin", "instance",
        "decide_le", "piece",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("heures_max") and donnees.get("mode") != Mode.HEURE:
            self.add_error("heures_max", "Le maximum d’heures ne vaut que pour un tarif horaire.")
        return donnees


class CalculForm(DecisionForm):
    profession = forms.ChoiceField(label="Profession", choices=Profession.choices)
    base = forms.CharField(
        label="Base retenue", max_length=200, help_text="« Bénéfice non commercial moyen des infirmiers libéraux »…"
    )
    source = forms.CharField(
        label="Source", max_length=200, help_text="La statistique ou le document d’où vient ce revenu, et son année."
    )
    revenu_annuel = ChampEuros(label="Revenu annuel retenu, en euros")
    heures_annuelles = ChampNombre(label="Heures travaillées dans l’année", min_value=1, max_digits=6, decimal_places=1)
    commentaire = forms.CharField(
        label="Comment le calcul a été fait",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = (
        "profession", "base", "source", "revenu_annuel", "heures_annuelles", "commentaire", "instance", "decide_le",
        "piece",
    )  # fmt: skip


class BaremeForm(DecisionForm):
    taux = ChampNombre(label="Euros par kilomètre", min_value=Decimal("0.001"), max_value=2, decimal_places=3)
    debut = ChampDate(label="À partir du")

    field_order = ("taux", "debut", "instance", "decide_le", "piece")


class ConventionForm(AvecDocument):
    structure = forms.ModelChoiceField(Structure.objects.none(), label="Employeur", empty_label="Choisir une structure")
    taux = ChampEuros(label="Euros par heure remboursés")
    debut = ChampDate(label="À partir du")
    fin = ChampDate(label="Jusqu’au (exclu)", required=False)
    signee_le = ChampDate(label="Signée le")

    field_order = ("structure", "taux", "debut", "fin", "signee_le", "piece")

    def __init__(self, *args: Any, structures: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["structure"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = structures


class ClotureForm(forms.Form):
    on = ChampDate(label="Premier jour où cela ne vaut plus")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = today()
