"""Declaring a participation or an expense, in a few touches."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst

from maillon.communaute.actions.enums import Etat as EtatAction
from maillon.communaute.actions.models import Action
from maillon.communaute.champs import ChampDate
from maillon.communaute.personnes.models import Personne
from maillon.pilotage.contrats.forms import check_taille, read_piece
from maillon.socle.horloge import today
from maillon.socle.identifiants import new_id
from maillon.socle.ui.typographie import format_duree

from ..donnees import DonneesDeclaration, DonneesFrais
from ..enums import Fonction, GenreFrais, Poste
from ..models import Declaration, Frais
from .champs import ChampEuros, ChampNombre

AIDE_PHOTO = "Une photo lisible, ou un PDF ; 10 Mo au plus."


def list_postes() -> list[tuple[str, str]]:
    return [(code, capfirst(libelle)) for code, libelle in Poste.choices]


def list_fonctions() -> list[tuple[str, str]]:
    return [(code, capfirst(libelle)) for code, libelle in Fonction.choices]


def list_genres() -> list[tuple[str, str]]:
    return [(code, capfirst(libelle)) for code, libelle in GenreFrais.choices]


def _durees() -> list[tuple[str, str]]:
    """Quarters up to an hour, then half hours up to twelve."""
    minutes = [15, 30, 45, *range(60, 12 * 60 + 1, 30)]
    return [(f"{Decimal(m) / 60:.2f}", format_duree(m)) for m in minutes]


class AvecMission(forms.Form):
    """When, what, for which mission, under which action; `reference` makes the same form sent twice one."""

    le = ChampDate(label="Quand")
    libelle = forms.CharField(label="Quoi", max_length=160)
    mission = forms.ChoiceField(label="Pour quelle mission", choices=list_postes)
    action = forms.ModelChoiceField(
        Action.objects.none(), label="Fiche-action", required=False, empty_label="Aucune en particulier"
    )
    reference = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def prepare(self, cpts_id: Any) -> None:
        """Offer the actions of the community that are alive, none of them when there is none."""
        actions = Action.objects.filter(cpts=cpts_id).exclude(etat=EtatAction.ABANDONNEE)
        champ = self.fields["action"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = actions
        if not actions.exists():
            del self.fields["action"]
        self.fields["le"].initial = today()
        self.fields["reference"].initial = new_id()


class DeclarationForm(AvecMission):
    heures = forms.TypedChoiceField(label="Combien de temps", choices=_durees, coerce=Decimal, initial="2.00")
    fonction = forms.ChoiceField(label="En tant que", choices=list_fonctions, initial=Fonction.PARTICIPANT)
    employeur = forms.BooleanField(
        label="C’était sur mon temps de travail salarié",
        required=False,
        help_text="Mon employeur est alors remboursé, et je ne reçois rien.",
    )

    field_order = ("personne", "le", "libelle", "heures", "mission", "action", "fonction", "employeur", "reference")

    def __init__(
        self,
        *args: Any,
        cpts_id: Any,
        salariee: bool = True,
        ligne: Declaration | None = None,
        habitude: Declaration | None = None,
        **options: Any,
    ) -> None:
        if habitude is not None:
            options["initial"] = {"mission": habitude.mission, "fonction": habitude.fonction}
        if ligne is not None:
            options["initial"] = {
                "le": ligne.le,
                "libelle": ligne.libelle,
                "heures": f"{ligne.heures:.2f}",
                "mission": ligne.mission,
                "action": ligne.action_id,
                "fonction": ligne.fonction,
                "employeur": ligne.convention_id is not None,
            }
        super().__init__(*args, **options)
        self.prepare(cpts_id)
        champ = self.fields["heures"]
        assert isinstance(champ, forms.TypedChoiceField)
        durees = _durees()
        if ligne is not None and f"{ligne.heures:.2f}" not in dict(durees):
            durees = [(f"{ligne.heures:.2f}", format_duree(round(ligne.heures * 60))), *durees]
        champ.choices = durees
        self.fields["libelle"].widget.attrs["placeholder"] = "Groupe de travail, réunion du bureau…"
        if not salariee:
            del self.fields["employeur"]

    def read_donnees(self) -> DonneesDeclaration:
        d = self.cleaned_data
        return DonneesDeclaration(
            le=d["le"],
            heures=d["heures"],
            mission=d["mission"],
            libelle=d["libelle"],
            fonction=d["fonction"],
            action=d.get("action"),
            employeur=d.get("employeur", False),
            reference=str(d["reference"] or ""),
        )


class ChampPersonne(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.nom} {obj.prenom}".strip() + (f", {obj.fonction}" if obj.fonction else "")


class SaisieForm(DeclarationForm):
    """The coordination enters it for somebody."""

    personne = ChampPersonne(Personne.objects.none(), label="Pour qui", empty_label="Choisir une personne")

    def __init__(self, *args: Any, personnes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["personne"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = personnes
        self.fields["employeur"].label = "C’était sur son temps de travail salarié"
        self.fields["employeur"].help_text = "Son employeur est alors remboursé ; la personne ne reçoit rien."


class FraisForm(AvecMission):
    # Which fields are needed depends on the kind: none is marked as optional.
    selon_le_choix = True

    genre = forms.ChoiceField(label="Quel frais", choices=list_genres)
    kilometres = ChampNombre(
        label="Kilomètres, aller et retour",
        max_digits=6,
        decimal_places=1,
        min_value=Decimal("0.1"),
        required=False,
        help_text="Pour un trajet en voiture : le montant se calcule au barème.",
    )
    montant = ChampEuros(
        label="Montant payé, en euros",
        max_digits=8,
        required=False,
        help_text="Pour tout autre frais.",
    )
    justificatif = forms.FileField(
        label="Justificatif",
        required=False,
        help_text=AIDE_PHOTO,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    field_order = ("le", "genre", "kilometres", "montant", "justificatif", "libelle", "mission", "action", "reference")

    def __init__(self, *args: Any, cpts_id: Any, ligne: Frais | None = None, **options: Any) -> None:
        if ligne is not None:
            options["initial"] = {
                nom: getattr(ligne, nom) for nom in ("le", "genre", "kilometres", "libelle", "mission", "action")
            }
            options["initial"]["montant"] = None if ligne.bareme_id else ligne.montant
        super().__init__(*args, **options)
        self.deja = ligne is not None and ligne.justificatif_id is not None
        self.prepare(cpts_id)
        self.fields["libelle"].label = "Pour quoi"
        self.fields["libelle"].widget.attrs["placeholder"] = "Réunion à la CPAM, aller-retour…"
        if self.deja:
            self.fields["justificatif"].help_text = "Vide : le justificatif déjà joint reste. " + AIDE_PHOTO

    def clean_justificatif(self) -> object:
        check_taille(self.cleaned_data["justificatif"])
        return self.cleaned_data["justificatif"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("genre") == GenreFrais.KILOMETRES:
            if not donnees.get("kilometres") and "kilometres" not in self.errors:
                self.add_error("kilometres", "Indiquez le nombre de kilomètres, aller et retour.")
            return donnees
        if not donnees.get("montant") and "montant" not in self.errors:
            self.add_error("montant", "Indiquez le montant payé.")
        if not self.deja and not donnees.get("justificatif") and "justificatif" not in self.errors:
            self.add_error("justificatif", "Joignez le justificatif : une photo lisible suffit.")
        return donnees

    def read_donnees(self) -> DonneesFrais:
        d = self.cleaned_data
        return DonneesFrais(
            le=d["le"],
            genre=GenreFrais(d["genre"]),
            mission=d["mission"],
            libelle=d["libelle"],
            montant=d["montant"],
            kilometres=d["kilometres"],
            justificatif=read_piece(d["justificatif"]),
            action=d.get("action"),
            reference=str(d["reference"] or ""),
        )


class SituationForm(forms.Form):
    autre = forms.ChoiceField(
        label="Une autre CPTS vous paie-t-elle cette année ?",
        choices=(("non", "Non, aucune"), ("oui", "Oui")),
        widget=forms.RadioSelect,
    )
    montant = ChampEuros(
        label="Combien dans l’année, en euros",
        min_value=0,
        required=False,
        help_text="Indemnités et rémunérations ensemble, versées ou à venir dans l’année civile.",
    )
    precision = forms.CharField(label="Laquelle, ou lesquelles", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("autre") == "oui" and donnees.get("montant") is None and "montant" not in self.errors:
            self.add_error("montant", "Indiquez le montant de l’année, même estimé ; 0 si rien n’est encore décidé.")
        return donnees

    def read(self) -> dict[str, Any]:
        """What `declare_situation` takes."""
        d = self.cleaned_data
        oui = d["autre"] == "oui"
        return {
            "autre_cpts": oui,
            "montant": (d["montant"] or Decimal(0)) if oui else Decimal(0),
            "precision": d["precision"],
        }


class MotifForm(forms.Form):
    motif = forms.CharField(label="Pourquoi", max_length=200)
