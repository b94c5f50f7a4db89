"""Options of an assignment of the waiting list."""

from typing import Any

from django import forms

from ..enums_repartition import Niveaux


class RepartirForm(forms.Form):
    """What the desk chooses before the computation; every answer has a sensible default."""

    niveaux = forms.ChoiceField(label="Quelles demandes ?", choices=Niveaux.choices, initial=Niveaux.TOUTES)
    minutes_max = forms.TypedChoiceField(
        label="Trajet le plus long",
        coerce=int,
        choices=[(0, "Sans limite"), *((n, f"{n} minutes") for n in (15, 20, 30, 45, 60))],
        initial=45,
        help_text="Durée estimée en voiture, du centre de la commune de la personne au cabinet. Pour les visites à "
        "domicile, du cabinet à la commune.",
    )
    reserve = forms.TypedChoiceField(
        label="Places gardées en réserve",
        coerce=int,
        choices=[(0, "Aucune"), (10, "10 % des places de chaque médecin"), (25, "25 %"), (50, "La moitié")],
        initial=0,
        help_text="Pour les demandes urgentes qui arriveront avant le prochain recensement.",
    )
    medecins = forms.TypedChoiceField(
        label="Médecins à solliciter pour chaque demande",
        coerce=int,
        choices=[(n, f"{n} médecin{'s' if n > 1 else ''} au plus") for n in (1, 2, 3, 4)],
        initial=3,
        help_text="Le premier est celui que trouve le calcul ; les suivants sont les plus proches à qui il reste une "
        "place libre.",
    )
    par_vague = forms.TypedChoiceField(
        label="À la fois",
        coerce=int,
        choices=[(1, "Un seul : le suivant si le premier refuse"), (2, "Deux ensemble"), (3, "Trois ensemble")],
        initial=1,
        help_text="Le premier qui accepte a le patient. Solliciter plusieurs médecins ensemble va plus vite et en "
        "dérange plus.",
    )
    jours = forms.IntegerField(
        label="Jours pour répondre",
        min_value=1,
        max_value=15,
        initial=5,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": "Laissez au moins un jour aux médecins.",
            "max_value": "Au-delà de 15 jours, la personne attendrait trop.",
        },
    )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or self.cleaned_data
        if donnees.get("par_vague", 0) > donnees.get("medecins", 4):
            self.add_error(
                "par_vague",
                "Vous en sollicitez plus à la fois que de médecins par demande : augmentez l’un ou baissez l’autre.",
            )
        return donnees


class ChangerForm(forms.Form):
    """The doctor that the desk prefers, among those who may still take the person."""

    medecin = forms.ChoiceField(
        label="Médecin",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un médecin de la liste.",
            "invalid_choice": "Ce médecin n’a plus de place dans cette répartition : choisissez-en un autre.",
        },
    )

    def __init__(self, *args: Any, choix: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["medecin"]
        champ.choices = choix
