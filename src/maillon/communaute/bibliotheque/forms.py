"""What is asked of a document."""

from typing import Any

from django import forms

from maillon.communaute.champs import AIDE_DOCUMENT, ChampDate, ChampFichiers, check_taille
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Mission

from .donnees import DonneesDocument, Piece
from .enums import NatureDocument, Portee
from .models import ASSOCIATION, Document
from .permissions import LIRE_BUREAU, dossiers_kept_by


class DocumentForm(forms.Form):
    """What is said of a document already kept."""

    titre = forms.CharField(label="Titre", max_length=160)
    nature = forms.ChoiceField(
        label="Nature", choices=[(code, nom.capitalize()) for code, nom in NatureDocument.choices], initial="autre"
    )
    mission = forms.ChoiceField(label="Dossier", required=False)
    portee = forms.ChoiceField(label="Qui le voit", widget=forms.RadioSelect, initial=Portee.MEMBRES)
    conserver_jusqu_a = ChampDate(
        label="À conserver jusqu’au", required=False, help_text="Passé ce jour, le document est archivé."
    )

    def __init__(self, *args: Any, acteur: Acteur, document: Document | None = None, **options: Any) -> None:
        if document is not None:
            options["initial"] = {nom: getattr(document, nom) for nom in DocumentForm.base_fields}
        super().__init__(*args, **options)
        noms = {"": ASSOCIATION, **{code: str(nom) for code, nom in Mission.choices}}
        tenus = dossiers_kept_by(acteur)
        self.fields["mission"].choices = [(c, n.capitalize()) for c, n in noms.items() if c in tenus]  # type: ignore[attr-defined]
        portees = [choix for choix in Portee.choices if choix[0] != Portee.BUREAU or acteur.can(LIRE_BUREAU)]
        self.fields["portee"].choices = [(code, nom.capitalize()) for code, nom in portees]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if lu.get("portee") == Portee.MISSION and not lu.get("mission"):
            self.add_error("portee", "Le dossier est celui de l’association\u00a0: choisissez-y une mission d’abord.")
        return lu

    @property
    def donnees(self) -> DonneesDocument:
        return DonneesDocument(**{nom: self.cleaned_data[nom] for nom in DocumentForm.base_fields})


class DepotForm(DocumentForm):
    """One document or several at once, under the same rights."""

    fichiers = ChampFichiers(
        label="Documents", help_text=f"Un ou plusieurs, à choisir ou à glisser ici. {AIDE_DOCUMENT}"
    )
    field_order = ["fichiers", "titre"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["titre"].required = False
        self.fields["titre"].help_text = "Vide, ou avec plusieurs documents\u00a0: le nom de chaque fichier."

    @property
    def pieces(self) -> list[Piece]:
        """The documents small enough to be read."""
        return [Piece(r.name or "", r.read()) for r in self.cleaned_data["fichiers"] if not _refuse(r)]

    @property
    def refus(self) -> list[str]:
        """A sentence for each document too heavy to be read."""
        return [refus for recu in self.cleaned_data["fichiers"] if (refus := _refuse(recu))]


class VersionForm(forms.Form):
    fichier = forms.FileField(label="Nouvelle version", help_text=AIDE_DOCUMENT)
    note = forms.CharField(label="Ce qui change", max_length=200, required=False)

    def clean_fichier(self) -> Any:
        check_taille(self.cleaned_data["fichier"])
        return self.cleaned_data["fichier"]

    @property
    def piece(self) -> Piece:
        recu = self.cleaned_data["fichier"]
        return Piece(recu.name, recu.read())


def _refuse(recu: Any) -> str:
    try:
        check_taille(recu)
    except forms.ValidationError as refus:
        return str(refus.messages[0])
    return ""
