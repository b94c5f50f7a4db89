"""What the coordinator says of a document."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from .donnees import DonneesPreuve, Piece
from .enums import GenrePreuve, PorteePreuve
from .forms import AIDE_DOCUMENT, ChampDate, check_taille, read_piece
from .models import Indicateur, Preuve

FICHIERS_MAX = 20
NOMINATIFS = (GenrePreuve.EMARGEMENT, GenrePreuve.LISTE)
AIDE_LIBELLE = "Sans nommer personne : la CPAM et l’ARS lisent ce libellé."
AIDE_NOMINATIVE = "Une feuille d’émargement, par exemple. La CPAM et l’ARS n’en liront que le genre et l’empreinte."


class ChampFichiers(forms.FileField):
    """Several documents at once, chosen or dragged onto the field."""

    class Widget(forms.ClearableFileInput):
        allow_multiple_selected = True

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=self.Widget(attrs={"class": "depot"}), **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        recus = data if isinstance(data, list | tuple) and data else [data or None]
        if len(recus) > FICHIERS_MAX:
            raise forms.ValidationError(f"Joignez {FICHIERS_MAX} documents au plus à la fois.")
        return [super(ChampFichiers, self).clean(recu, initial) for recu in recus]


class DescriptionForm(forms.Form):
    """What every document is asked."""

    libelle = forms.CharField(label="Ce que le document montre", max_length=160)
    genre = forms.ChoiceField(label="Genre", choices=GenrePreuve.choices, initial=GenrePreuve.AUTRE)
    fait_le = ChampDate(label="Date du fait", help_text="Le jour de la réunion, de la signature, de l’envoi…")
    nominative = forms.BooleanField(label="Ce document nomme des personnes", required=False, help_text=AIDE_NOMINATIVE)

    @property
    def donnees(self) -> DonneesPreuve:
        lu = self.cleaned_data
        return DonneesPreuve(
            libelle=lu["libelle"],
            le=lu["fait_le"],
            genre=GenrePreuve(lu["genre"]),
            nominative=lu["nominative"],
        )


class PreuveForm(DescriptionForm):
    """Documents of an indicator, or of several of its acts."""

    fichiers = ChampFichiers(
        label="Documents", help_text=f"Un ou plusieurs, à choisir ou à glisser ici. {AIDE_DOCUMENT}"
    )
    field_order = ["fichiers", "libelle", "genre", "fait_le", "nominative"]

    def __init__(self, *args: Any, indicateur: Indicateur, **options: Any) -> None:
        super().__init__(*args, **options)
        demande = f"Demandé par le contrat : {indicateur.preuve_demandee}. " if indicateur.preuve_demandee else ""
        self.fields["libelle"].help_text = f"{demande}{AIDE_LIBELLE}"
        genre = guess_genre(indicateur.preuve_demandee)
        self.fields["genre"].initial = genre
        self.fields["nominative"].initial = genre in NOMINATIFS

    @property
    def pieces(self) -> list[Piece]:
        """The documents small enough to be read, one after the other."""
        lus = (read_piece(recu) for recu in self.cleaned_data["fichiers"] if not _refuse(recu))
        return [lu for lu in lus if lu is not None]

    @property
    def refus(self) -> list[str]:
        """A sentence for each document too heavy to be read."""
        return [refus for recu in self.cleaned_data["fichiers"] if (refus := _refuse(recu))]


class PreuveActesForm(PreuveForm):
    """Documents of acts: those ticked, those of a day, or all that lack."""

    portee = forms.ChoiceField(
        label="Quels actes ces documents prouvent-ils ?",
        widget=forms.RadioSelect,
        choices=PorteePreuve.choices,
        initial=PorteePreuve.CHOISIS,
    )
    field_order = ["portee", *PreuveForm.field_order]


class VersionForm(DescriptionForm):
    """A new version of a document."""

    fichier = forms.FileField(label="Nouvelle version", help_text=AIDE_DOCUMENT)
    field_order = ["fichier", "libelle", "genre", "fait_le", "nominative"]

    def __init__(self, *args: Any, preuve: Preuve, **options: Any) -> None:
        options.setdefault(
            "initial",
            {
                "libelle": preuve.libelle,
                "genre": preuve.genre,
                "fait_le": preuve.le,
                "nominative": preuve.nominative,
            },
        )
        super().__init__(*args, **options)
        self.fields["libelle"].help_text = AIDE_LIBELLE

    def clean_fichier(self) -> object:
        check_taille(self.cleaned_data["fichier"])
        return self.cleaned_data["fichier"]

    @property
    def piece(self) -> Piece:
        piece = read_piece(self.cleaned_data["fichier"])
        assert piece is not None
        return piece


class RetraitForm(forms.Form):
    """Why a document proves nothing any more."""

    motif = forms.CharField(
        label="Pourquoi ?",
        max_length=200,
        help_text="Document d’une autre réunion, erreur de date… Sans nommer personne.",
    )
    partout = forms.BooleanField(label="Le retirer de tous les actes qu’il prouve", required=False)

    def __init__(self, *args: Any, plusieurs: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not plusieurs:
            del self.fields["partout"]


def guess_genre(preuve_demandee: str) -> str:
    """The kind that the contract's words name, so that it is proposed first."""
    mots = preuve_demandee.lower()
    indices: Iterable[tuple[str, GenrePreuve]] = (
        ("émargement", GenrePreuve.EMARGEMENT),
        ("compte rendu", GenrePreuve.COMPTE_RENDU),
        ("compte-rendu", GenrePreuve.COMPTE_RENDU),
        ("convention", GenrePreuve.CONVENTION),
        ("protocole", GenrePreuve.PROTOCOLE),
        ("plan", GenrePreuve.PLAN),
        ("liste", GenrePreuve.LISTE),
        ("statistique", GenrePreuve.STATISTIQUE),
    )
    return next((genre.value for mot, genre in indices if mot in mots), GenrePreuve.AUTRE.value)


def _refuse(recu: UploadedFile) -> str:
    try:
        check_taille(recu)
    except forms.ValidationError as refus:
        return f"« {recu.name} » : {refus.messages[0]}"
    return ""
