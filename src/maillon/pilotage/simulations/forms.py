"""What a person changes: the scale for an agent, the contract for a community. Read from the address, kept in it."""

from collections.abc import Iterator
from typing import Any

from django import forms

from maillon.communaute.champs import ChampDate
from maillon.regles.aci import Mission
from maillon.regles.aci.simulation import POSTES, Grille, change_grille
from maillon.regles.aci.types import libelle_of
from maillon.regles.erreurs import ErreurRegle

from .calcul import FaitsContrat, Hypothese

# The fonctionnement has no variable part, and the crisis mission an activation in its place.
SANS_VARIABLE = (None, Mission.CRISE)


class BaremeForm(forms.Form):
    """One scenario of scale: per cent by poste and part, and the populations at which sizes begin."""

    def __init__(self, *args: Any, grille: Grille, **options: Any) -> None:
        super().__init__(*args, **options)
        self.grille = grille
        for mission in POSTES:
            for part in ("fixe", "variable"):
                if part == "fixe" or mission not in SANS_VARIABLE:
                    self.fields[_nom(mission, part)] = forms.DecimalField(
                        label=f"{libelle_of(mission)}, part {part}, variation en pour cent",
                        required=False,
                        localize=True,
                        min_value=-100,
                        max_value=1000,
                        max_digits=6,
                        decimal_places=2,
                    )
        for rang, borne in enumerate(grille.bornes.tolist(), start=2):
            self.fields[f"taille_{rang}"] = forms.IntegerField(
                label=f"La taille {rang} commence à (habitants)", required=False, min_value=1, max_value=5_000_000
            )
            self.fields[f"taille_{rang}"].widget.attrs["placeholder"] = f"{borne}"

    @property
    def rangees(self) -> Iterator[tuple[str, Any, Any]]:
        """Label, field of the fixed part, field of the variable part or None."""
        for mission in POSTES:
            variable = None if mission in SANS_VARIABLE else self[_nom(mission, "variable")]
            yield libelle_of(mission), self[_nom(mission, "fixe")], variable

    @property
    def bornes(self) -> list[Any]:
        return [self[f"taille_{rang}"] for rang in (2, 3, 4)]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if self.errors:
            return donnees
        bornes = tuple(
            donnees.get(f"taille_{rang}") or borne for rang, borne in enumerate(self.grille.bornes.tolist(), start=2)
        )
        hausses = {
            (mission, part): valeur
            for mission in POSTES
            for part in ("fixe", "variable")
            if (valeur := donnees.get(_nom(mission, part)))
        }
        try:
            self.scenario = change_grille(self.grille, hausses=hausses, bornes=(bornes[0], bornes[1], bornes[2]))
        except ErreurRegle as refus:
            self.add_error(None, str(refus))
        return donnees


def _nom(mission: Mission | None, part: str) -> str:
    return f"{mission.value if mission else 'fonctionnement'}_{part}"


class HypotheseForm(forms.Form):
    """One scenario of contract: inhabitants, missions with their start, and the tier that each indicator reaches."""

    population = forms.IntegerField(label="Habitants", min_value=1, max_value=5_000_000)
    missions = forms.MultipleChoiceField(
        label="Missions",
        required=False,
        choices=[(m.value, m.libelle) for m in Mission],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, faits: FaitsContrat, **options: Any) -> None:
        super().__init__(*args, **options)
        self.faits = faits
        for mission in Mission:
            self.fields[f"debut_{mission}"] = ChampDate(label=f"{mission.libelle}, démarrée le", required=False)
        for simule in faits.indicateurs:
            self.fields[f"palier_{simule.pk.hex}"] = forms.ChoiceField(
                label=simule.libelle, choices=simule.choix, required=False
            )

    @property
    def par_mission(self) -> list[tuple[Mission, bool, Any, list[Any]]]:
        """Mission, whether it is chosen, the field of its start, the fields of its indicators."""
        choisies = set(self["missions"].value() or ())
        return [
            (
                mission,
                mission.value in choisies,
                self[f"debut_{mission}"],
                [self[f"palier_{s.pk.hex}"] for s in self.faits.indicateurs if s.mission == mission],
            )
            for mission in Mission
        ]

    def read_hypothese(self) -> Hypothese:
        """The scenario asked for; call it once the form is valid."""
        donnees = self.cleaned_data
        missions = tuple(Mission(code) for code in donnees["missions"])
        return Hypothese(
            population=donnees["population"],
            missions=missions,
            demarrages={m: debut for m in missions if (debut := donnees[f"debut_{m}"])},
            paliers={
                s.pk: int(choix) for s in self.faits.indicateurs if (choix := donnees[f"palier_{s.pk.hex}"]).isdecimal()
            },
        )


def initial_of(faits: FaitsContrat) -> dict[str, Any]:
    """What the form shows first: the contract as it is, and the tiers forecast today."""
    valeurs: dict[str, Any] = {
        "population": faits.population,
        "missions": [mission.value for mission in faits.missions],
    }
    valeurs |= {f"debut_{mission}": debut for mission, debut in faits.demarrages.items()}
    return valeurs | {f"palier_{s.pk.hex}": str(s.prevu) for s in faits.indicateurs}
