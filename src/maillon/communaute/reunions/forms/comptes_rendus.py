"""What is typed after a meeting: the minutes, a decision, a task."""

from typing import Any

from django import forms

from maillon.communaute.personnes.models import Personne

from ..models import CompteRendu, PointCompteRendu, PointOrdreDuJour
from .presences import ChampJour


class ChampPersonne(forms.ModelChoiceField):
    """One person among those given."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.nom} {obj.prenom}"


class CompteRenduForm(forms.Form):
    """The minutes: who signs, the opening, a text an item."""

    president = ChampPersonne(Personne.objects.none(), label="Préside la séance", required=False, empty_label="—")
    secretaire = ChampPersonne(
        Personne.objects.none(), label="Tient le secrétariat de séance", required=False, empty_label="—"
    )
    introduction = forms.CharField(
        label="En ouverture", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, compte_rendu: CompteRendu, points: list[PointCompteRendu], gens: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.points = points
        for nom in ("president", "secretaire"):
            champ = self.fields[nom]
            assert isinstance(champ, forms.ModelChoiceField)
            champ.queryset = gens
            champ.initial = getattr(compte_rendu, f"{nom}_id")
        self.fields["introduction"].initial = compte_rendu.introduction
        for rang, point in enumerate(points, 1):
            self.fields[f"point-{point.pk}"] = forms.CharField(
                label=f"{rang}. {point.titre}",
                required=False,
                max_length=20_000,
                initial=point.texte,
                widget=forms.Textarea(attrs={"rows": 5}),
            )

    @property
    def textes(self) -> dict[Any, str]:
        return {point.pk: self.cleaned_data[f"point-{point.pk}"] for point in self.points}


class PointForm(forms.Form):
    titre = forms.CharField(label="Un point qui n’était pas à l’ordre du jour", max_length=200)


class DecisionForm(forms.Form):
    texte = forms.CharField(
        label="La décision", max_length=400, help_text="Une phrase, telle qu’elle sera lue dans six mois."
    )
    point = forms.ModelChoiceField(
        PointOrdreDuJour.objects.none(), label="Sur le point", required=False, empty_label="Hors d’un point"
    )

    def __init__(self, *args: Any, points: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["point"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = points


class TacheForm(forms.Form):
    libelle = forms.CharField(label="Ce qui est à faire", max_length=300)
    responsable = ChampPersonne(Personne.objects.none(), label="Par qui", empty_label="—")
    echeance = ChampJour(label="Avant le")

    def __init__(self, *args: Any, gens: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["responsable"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = gens
