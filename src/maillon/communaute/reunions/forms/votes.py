"""Resolutions, voices counted in the room, proxies recorded from paper."""

from typing import Any

from django import forms

from maillon.communaute.personnes.models import Personne

from ..enums import Majorite, ModeVote
from ..models import Participation, ParticipationQuerySet


class ResolutionForm(forms.Form):
    titre = forms.CharField(label="Résolution", max_length=200, help_text="Par exemple : approbation des comptes 2026.")
    texte = forms.CharField(
        label="Texte soumis au vote", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    mode = forms.ChoiceField(label="Vote", choices=ModeVote.choices, widget=forms.RadioSelect)
    majorite = forms.ChoiceField(label="Majorité", choices=Majorite.choices)


class ComptageForm(forms.Form):
    pour = forms.IntegerField(label="Pour", min_value=0, max_value=9999)
    contre = forms.IntegerField(label="Contre", min_value=0, max_value=9999)
    abstention = forms.IntegerField(label="Abstentions", min_value=0, max_value=9999)


class ChampParticipation(forms.ModelChoiceField):
    """Somebody on the list of the meeting, by name."""

    def label_from_instance(self, obj: Participation) -> str:
        return str(obj.personne)


class PouvoirForm(forms.Form):
    """A proxy that the organiser records from a signed paper."""

    mandant = ChampParticipation(label="Donne pouvoir", queryset=Participation.objects.none(), empty_label="choisir")
    mandataire = ChampParticipation(label="À", queryset=Participation.objects.none(), empty_label="choisir")

    def __init__(self, *args: Any, votants: ParticipationQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        for nom in ("mandant", "mandataire"):
            champ = self.fields[nom]
            assert isinstance(champ, forms.ModelChoiceField)
            champ.queryset = votants


class MandataireForm(forms.Form):
    """To whom I give my voice."""

    mandataire = ChampParticipation(
        label="À qui donnez-vous pouvoir ?", queryset=Participation.objects.none(), empty_label="choisir"
    )

    def __init__(self, *args: Any, mandataires: ParticipationQuerySet, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["mandataire"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = mandataires


class InvitesForm(forms.Form):
    """People ticked in the results of a search."""

    personnes = forms.ModelMultipleChoiceField(queryset=Personne.objects.none())

    def __init__(self, *args: Any, personnes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["personnes"]
        assert isinstance(champ, forms.ModelMultipleChoiceField)
        champ.queryset = personnes
