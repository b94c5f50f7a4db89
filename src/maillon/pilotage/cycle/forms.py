"""What is asked of each kind of milestone, and nothing else."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField

from maillon.communaute.champs import AIDE_DOCUMENT, ChampDate
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.forms import check_taille, read_piece
from maillon.socle.horloge import today

from .donnees import DonneesJalon, DonneesSignature
from .enums import SIGNEES, NatureJalon, Organisme, Partie
from .models import Jalon

SANS_NOM = "Sans nom de personne."
DATES = {
    NatureJalon.LETTRE: "Envoyée le",
    NatureJalon.AIDE: "Reçue le",
    NatureJalon.DEPOT: "Déposé le",
    NatureJalon.DEPOT_REVISE: "Déposé le",
    NatureJalon.VALIDATION: "Validé le",
    NatureJalon.ACI: "Signé le",
    NatureJalon.AVENANT: "Signé le",
    NatureJalon.RENOUVELLEMENT: "Signé le",
    NatureJalon.DIALOGUE: "Tenu le",
    NatureJalon.DOCUMENT: "Daté du",
}
LIBELLES = {
    NatureJalon.AVENANT: ("Objet de l’avenant", "Par exemple : avenant n° 1, mission de crise."),
    NatureJalon.DOCUMENT: ("Quel document ?", f"Lu par l’Assurance Maladie et l’ARS avec sa date de fin. {SANS_NOM}"),
    NatureJalon.AUTRE: ("Ce qui s’est passé", SANS_NOM),
}


class JalonForm(forms.Form):
    """One kind of milestone; a correction begins with what is recorded."""

    le = ChampDate(label="Date")
    organisme = forms.ChoiceField(label="Acte de", choices=Organisme.choices)
    libelle = forms.CharField(label="Intitulé", max_length=160, help_text=SANS_NOM)
    montant = forms.DecimalField(
        label="Montant en euros", localize=True, min_value=1, max_digits=12, decimal_places=2, required=False
    )
    jusqu_a = ChampDate(label="Valable jusqu’au")
    document = forms.FileField(label="Document", required=False, help_text=AIDE_DOCUMENT)
    note = forms.CharField(label="Note", max_length=300, required=False, help_text=SANS_NOM)

    def __init__(self, *args: Any, nature: NatureJalon, jalon: Jalon | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.nature, self.jalon = nature, jalon
        self.fields["le"].label = DATES.get(nature, "Le")
        if nature in LIBELLES:
            self.fields["libelle"].label, self.fields["libelle"].help_text = LIBELLES[nature]
        else:
            del self.fields["libelle"]
        if nature != NatureJalon.AUTRE:
            del self.fields["organisme"]
        if nature != NatureJalon.AIDE:
            del self.fields["montant"]
        if nature != NatureJalon.DOCUMENT:
            del self.fields["jusqu_a"]
        if nature in SIGNEES:
            self.fields["document"].label = "Document signé"
            self.fields["document"].help_text = f"Le PDF signé par les trois parties. {AIDE_DOCUMENT}"
            self._add_signatures()
        if jalon is not None:
            self._fill(jalon)

    def _add_signatures(self) -> None:
        for partie in Partie:
            self.fields[f"{partie.value}_nom"] = forms.CharField(label="Nom", max_length=120, required=False)
            self.fields[f"{partie.value}_qualite"] = forms.CharField(label="Qualité", max_length=160, required=False)
            self.fields[f"{partie.value}_le"] = ChampDate(
                label="Signé le",
                required=False,
            )

    def _fill(self, jalon: Jalon) -> None:
        for champ in ("le", "organisme", "libelle", "montant", "jusqu_a", "note"):
            if champ in self.fields:
                self.fields[champ].initial = getattr(jalon, champ)
        if jalon.document is not None:
            self.fields["document"].help_text = f"Vide : garde « {jalon.document.nom} ». {AIDE_DOCUMENT}"
        for signature in jalon.signatures.all():
            for champ in ("nom", "qualite", "le"):
                self.fields[f"{signature.partie}_{champ}"].initial = getattr(signature, champ)

    @property
    def champs(self) -> list[BoundField]:
        """The fields, those of the signatories left out."""
        return [self[nom] for nom in self.fields if not nom.startswith(tuple(f"{p.value}_" for p in Partie))]

    @property
    def parties(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fields of each signatory, under the name of the party."""
        if self.nature in SIGNEES:
            for partie in Partie:
                yield partie.label, [self[f"{partie.value}_{champ}"] for champ in ("nom", "qualite", "le")]

    def clean_le(self) -> object:
        le = self.cleaned_data["le"]
        if le > today():
            raise forms.ValidationError("Ce jour n’est pas encore passé : enregistrez le fait quand il a eu lieu.")
        return le

    def clean_document(self) -> object:
        check_taille(self.cleaned_data["document"])
        return self.cleaned_data["document"]

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        for partie in Partie if self.nature in SIGNEES else ():
            nom, qualite = donnees.get(f"{partie.value}_nom"), donnees.get(f"{partie.value}_qualite")
            if bool(nom) is not bool(qualite):
                manque = "qualite" if nom else "nom"
                self.add_error(f"{partie.value}_{manque}", "Donnez le nom et la qualité, ou ni l’un ni l’autre.")
        return donnees

    @property
    def donnees(self) -> DonneesJalon:
        """The milestone that the form describes; its document is read."""
        lu = self.cleaned_data
        piece: Piece | None = read_piece(lu["document"])
        return DonneesJalon(
            nature=self.nature,
            le=lu["le"],
            organisme=Organisme(lu["organisme"]) if lu.get("organisme") else None,
            libelle=lu.get("libelle", ""),
            note=lu["note"],
            montant=lu.get("montant"),
            jusqu_a=lu.get("jusqu_a"),
            piece=piece,
            signatures=tuple(
                DonneesSignature(
                    partie=partie,
                    nom=lu[f"{partie.value}_nom"],
                    qualite=lu[f"{partie.value}_qualite"],
                    le=lu.get(f"{partie.value}_le") or lu["le"],
                )
                for partie in Partie
                if lu.get(f"{partie.value}_nom")
            ),
        )


class NumerosForm(forms.Form):
    finess = forms.CharField(
        label="Numéro FINESS", max_length=14, required=False, help_text="9 caractères, par exemple 420000123."
    )
    rna = forms.CharField(
        label="Numéro RNA de l’association", max_length=14, required=False, help_text="W suivi de 9 caractères."
    )
