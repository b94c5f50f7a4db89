"""What each side enters. Free texts are about indicators: the forms say never to name anyone."""

from typing import Any

from django import forms

from maillon.communaute.champs import AIDE_DOCUMENT, ChampDate
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.forms import check_taille, read_piece
from maillon.socle.horloge import today

from .enums import Organisme, Porteur, Position, Rang

SANS_NOM = "Parlez de l’indicateur : ne nommez ni patient ni professionnel."


def _texte(libelle: str, *, lignes: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=libelle, max_length=4000, widget=forms.Textarea(attrs={"rows": lignes}), **options)


class OuvrirForm(forms.Form):
    annee = forms.TypedChoiceField(label="Année de contrat", coerce=int)
    rang = forms.TypedChoiceField(label="Dialogue", coerce=int, choices=Rang.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, courante: int, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["annee"]
        assert isinstance(champ, forms.TypedChoiceField)
        champ.choices = [(annee, f"Année {annee}") for annee in range(courante, 0, -1)]


class OrganiserForm(forms.Form):
    prevu_le = ChampDate(label="Prévu le", required=False)
    heure = forms.TimeField(
        label="À", required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), help_text=""
    )
    lieu = forms.CharField(label="Lieu", max_length=200, required=False)
    visio = forms.URLField(label="ou lien de visioconférence", required=False, assume_scheme="https")
    ordre_du_jour = _texte(
        "Ordre du jour", lignes=9, required=False, help_text=f"La CPAM et l’ARS le lisent. {SANS_NOM}"
    )


class NoteForm(forms.Form):
    texte = _texte("Note", required=False)


class TenuForm(forms.Form):
    le = ChampDate(label="Tenu le")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["le"].initial = today()


class AvisForm(forms.Form):
    """One opinion; the button pressed gives the position."""

    indicateur = forms.UUIDField(widget=forms.HiddenInput)
    position = forms.ChoiceField(choices=Position.choices, widget=forms.HiddenInput)
    organisme = forms.ChoiceField(choices=Organisme.choices, required=False, widget=forms.HiddenInput)
    valeur = forms.DecimalField(
        label="Valeur que vous retenez", localize=True, max_digits=14, decimal_places=4, min_value=0, required=False
    )
    motif = _texte("Motif", lignes=3, required=False, help_text=SANS_NOM)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        motive = donnees.get("position") in (Position.CONTESTE, Position.QUESTION)
        if motive and not (donnees.get("motif") or "").strip() and "motif" not in self.errors:
            self.add_error("motif", "Dites pourquoi : la communauté répond à un motif.")
        return donnees


class ReponseForm(forms.Form):
    texte = _texte("Votre réponse", lignes=3, help_text=SANS_NOM)
    valeur_corrigee = forms.DecimalField(
        label="Valeur corrigée",
        localize=True,
        max_digits=14,
        decimal_places=4,
        min_value=0,
        required=False,
        help_text="Seulement si la valeur transmise change.",
    )
    document = forms.FileField(label="Document", required=False, help_text=AIDE_DOCUMENT)
    sans_nom = forms.BooleanField(
        label="Ce document ne nomme ni patient ni professionnel : la CPAM et l’ARS l’ouvriront", required=False
    )

    def clean_document(self) -> object:
        check_taille(self.cleaned_data["document"])
        return self.cleaned_data["document"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("document") and not donnees.get("sans_nom"):
            self.add_error("sans_nom", "Retirez les noms du document, puis cochez cette case.")
        return donnees

    @property
    def piece(self) -> Piece | None:
        return read_piece(self.cleaned_data["document"])


class DecisionForm(forms.Form):
    libelle = forms.CharField(label="Ce qui est décidé", max_length=300, help_text=SANS_NOM)
    porteur = forms.ChoiceField(label="Portée par", choices=Porteur.choices)
    echeance = ChampDate(label="Avant le", required=False)
    indicateur = forms.TypedChoiceField(label="Indicateur", required=False, empty_value=None)

    def __init__(self, *args: Any, indicateurs: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["indicateur"]
        assert isinstance(champ, forms.TypedChoiceField)
        champ.choices = [("", "aucun en particulier"), *indicateurs]


class CompteRenduForm(forms.Form):
    examines = _texte("Points examinés", lignes=6, required=False, help_text=SANS_NOM)
    accords = _texte("Points d’accord", lignes=6, required=False)
    desaccords = _texte("Points de désaccord", lignes=4, required=False)
    suites = _texte("Suites", lignes=5, required=False)


class SignatureForm(forms.Form):
    document = forms.FileField(label="Compte rendu signé (PDF)", help_text="10 Mo au plus.")
    signe_cpts_le = ChampDate(label="Signé par la communauté le")
    signe_cpam_le = ChampDate(label="Signé par la CPAM le", required=False)
    signe_ars_le = ChampDate(label="Signé par l’ARS le", required=False)

    def clean_document(self) -> object:
        check_taille(self.cleaned_data["document"])
        return self.cleaned_data["document"]

    @property
    def piece(self) -> Piece:
        piece = read_piece(self.cleaned_data["document"])
        assert piece is not None
        return piece

    @property
    def dates(self) -> dict[Organisme, Any]:
        lues = {Organisme.CPAM: self.cleaned_data["signe_cpam_le"], Organisme.ARS: self.cleaned_data["signe_ars_le"]}
        return {organisme: jour for organisme, jour in lues.items() if jour}
