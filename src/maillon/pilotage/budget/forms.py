"""What the coordination and the bureau enter."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from maillon.communaute.actions.models import Action
from maillon.communaute.champs import AIDE_DOCUMENT, ChampDate
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.forms import check_taille, read_piece
from maillon.socle.horloge import today

from .comptes import Compte
from .donnees import DonneesOperation, DonneesSerie
from .enums import Categorie, Poste, SensOperation
from .lignes_import import CHAMPS, OBLIGATOIRES
from .models import LigneBudget, Operation

CENTIME = Decimal("0.01")


def montant(libelle: str, **options: Any) -> forms.DecimalField:
    """Euros and cents, typed as the French do."""
    options.setdefault("min_value", CENTIME)
    return forms.DecimalField(label=libelle, localize=True, max_digits=12, decimal_places=2, **options)


class AvecPiece(forms.Form):
    """A form that takes one document."""

    def clean_piece(self) -> object:
        check_taille(self.cleaned_data["piece"])
        return self.cleaned_data["piece"]

    def read_piece(self) -> Piece | None:
        return read_piece(self.cleaned_data["piece"])


class OperationForm(AvecPiece):
    sens = forms.ChoiceField(label="C’est", choices=SensOperation.choices, widget=forms.RadioSelect, initial="depense")
    le = ChampDate(label="Date", help_text="Le jour où elle sera payée, ou reçue.")
    poste = forms.ChoiceField(label="Mission ou fonctionnement", choices=Poste.choices)
    categorie = forms.ChoiceField(label="Catégorie", choices=Categorie.choices)
    libelle = forms.CharField(label="Libellé", max_length=160, help_text="Sans nom de personne.")
    tiers = forms.CharField(label="Bénéficiaire ou payeur", max_length=120, required=False)
    montant = montant("Montant, en euros")
    ligne = forms.ModelChoiceField(
        LigneBudget.objects.none(), label="Ligne du budget prévisionnel", required=False, empty_label="Aucune"
    )
    action = forms.ModelChoiceField(Action.objects.none(), label="Fiche-action", required=False, empty_label="Aucune")
    piece = forms.FileField(label="Facture ou pièce", required=False, help_text=AIDE_DOCUMENT)

    def __init__(
        self, *args: Any, lignes: Any, actions: Any, operation: Operation | None = None, **options: Any
    ) -> None:
        if operation is not None:
            options["initial"] = {nom: getattr(operation, nom) for nom in self.base_fields if nom != "piece"}
        super().__init__(*args, **options)
        champ = self.fields["ligne"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = lignes
        champ = self.fields["action"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = actions
        if operation is not None:
            del self.fields["piece"]
        else:
            self.fields["le"].initial = today()

    def read_donnees(self) -> DonneesOperation:
        d = self.cleaned_data
        return DonneesOperation(
            le=d["le"],
            sens=d["sens"],
            poste=d["poste"],
            categorie=d["categorie"],
            libelle=d["libelle"],
            tiers=d["tiers"],
            montant=d["montant"],
            ligne=d["ligne"],
            action=d["action"],
        )

    def read_piece(self) -> Piece | None:
        return super().read_piece() if "piece" in self.fields else None


class PaiementForm(forms.Form):
    le = ChampDate(label="Payée le")

    def __init__(self, *args: Any, jour: date | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["le"].initial = jour or today()


class ContrepassationForm(forms.Form):
    le = ChampDate(label="Contre-passée le")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["le"].initial = today()


class PieceForm(AvecPiece):
    piece = forms.FileField(label="Facture ou pièce", help_text=AIDE_DOCUMENT)


class RefusForm(forms.Form):
    motif = forms.CharField(label="Pourquoi", max_length=200)


class SerieForm(forms.Form):
    poste = forms.ChoiceField(label="Mission ou fonctionnement", choices=Poste.choices)
    categorie = forms.ChoiceField(label="Catégorie", choices=Categorie.choices)
    libelle = forms.CharField(
        label="Libellé", max_length=120, help_text="Sans nom de personne : « Coordination, salaire chargé »."
    )
    tiers = forms.CharField(label="Bénéficiaire", max_length=120, required=False)
    montant = montant("Montant mensuel, en euros")
    jour = forms.IntegerField(label="Jour du mois", min_value=1, max_value=28, initial=28)
    du = ChampDate(label="À partir du")
    au = ChampDate(label="Jusqu’au", help_text="Pour un contrat sans fin, l’anniversaire du contrat.")

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        du, au = donnees.get("du"), donnees.get("au")
        if isinstance(du, date) and isinstance(au, date) and au < du:
            self.add_error("au", "La fin précède le début.")
        return donnees

    def read_donnees(self) -> DonneesSerie:
        return DonneesSerie(**self.cleaned_data)


class ArretForm(forms.Form):
    au = ChampDate(label="Dernier jour")


class SoldeForm(AvecPiece):
    le = ChampDate(label="Au soir du")
    montant = montant("Solde, en euros", min_value=None)
    source = forms.CharField(label="D’où vient ce solde", max_length=160, help_text="« Relevé bancaire de novembre »…")
    piece = forms.FileField(label="Relevé", required=False, help_text=AIDE_DOCUMENT)


class ReaffectationForm(AvecPiece):
    de = forms.ChoiceField(label="De", choices=Poste.choices)
    vers = forms.ChoiceField(label="Vers", choices=Poste.choices, initial=Poste.ACCES)
    montant = montant("Montant, en euros")
    decidee_le = ChampDate(label="Décidée par le bureau le")
    texte = forms.CharField(label="Texte de la décision", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)
    piece = forms.FileField(label="Compte rendu", required=False, help_text=AIDE_DOCUMENT)

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        if donnees.get("de") and donnees.get("de") == donnees.get("vers"):
            self.add_error("vers", "Choisissez un autre poste que celui d’où vient l’argent.")
        return donnees


class LigneForm(forms.Form):
    annee = forms.TypedChoiceField(label="Année du contrat", coerce=int)
    poste = forms.ChoiceField(label="Mission ou fonctionnement", choices=Poste.choices)
    categorie = forms.ChoiceField(label="Catégorie", choices=Categorie.choices)
    libelle = forms.CharField(label="Libellé", max_length=120)
    prevu = montant("Prévu dans l’année, en euros", min_value=0)

    def __init__(self, *args: Any, annees: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["annee"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [(annee, f"Année {annee}") for annee in reversed(annees)]


class PrevuForm(forms.Form):
    prevu = montant("Prévu dans l’année, en euros", min_value=0)


class ReglagesForm(forms.Form):
    seuil_approbation = montant(
        "Une dépense est approuvée par le bureau à partir de",
        required=False,
        help_text="En euros. Vide : aucune approbation. Vaut pour ce qui sera saisi ensuite.",
    )
    siren = forms.RegexField(
        r"^\d{9}$",
        label="SIREN de l’association",
        required=False,
        help_text="Neuf chiffres ; il nomme l’export comptable.",
        error_messages={"invalid": "Un SIREN a neuf chiffres, sans espace."},
    )


class CompteForm(forms.Form):
    cle = forms.ChoiceField(label="Pour")
    numero = forms.RegexField(
        r"^[1-7]\d{2,11}$",
        label="Numéro de compte",
        error_messages={"invalid": "Un numéro de compte commence par 1 à 7 et a de 3 à 12 chiffres."},
    )
    libelle = forms.CharField(label="Libellé du compte", max_length=80)

    def __init__(self, *args: Any, plan: dict[str, Compte], libelles: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["cle"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [(cle, libelles[cle]) for cle in plan]


class FecForm(forms.Form):
    debut = ChampDate(label="Premier jour de l’exercice")
    cloture = ChampDate(label="Dernier jour de l’exercice")

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        debut, cloture = donnees.get("debut"), donnees.get("cloture")
        if isinstance(debut, date) and isinstance(cloture, date) and cloture < debut:
            self.add_error("cloture", "L’exercice finit avant de commencer.")
        return donnees


class ImportForm(AvecPiece):
    piece = forms.FileField(label="Fichier", help_text="Excel (.xlsx) ou CSV ; la première ligne donne les en-têtes.")


class ColonnesForm(forms.Form):
    """Which column of the file gives which field."""

    def __init__(self, *args: Any, entetes: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choix = [(entete, entete) for entete in dict.fromkeys(entetes) if entete]
        for champ, noms in CHAMPS.items():
            self.fields[champ] = forms.ChoiceField(
                label=noms[0], required=champ in OBLIGATOIRES, choices=[("", "Aucune colonne"), *choix]
            )
