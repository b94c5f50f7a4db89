"""What the coordinator chooses: the period of a pack, the table of the CPAM, the figure of each cell."""

from typing import Any

from django import forms

from maillon.pilotage.arretes.models import Arrete
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.forms import check_taille

from .documents.chiffres import Chiffre
from .models import ModeleTableau

EN_COURS = "annee"


class DemandeForm(forms.Form):
    """A sealed period, or the year under way."""

    periode = forms.ChoiceField(label="Chiffres", widget=forms.RadioSelect)

    def __init__(self, *args: Any, arretes: list[Arrete], annee: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.arretes = {str(arrete.pk): arrete for arrete in arretes}
        choix = [(cle, str(arrete)) for cle, arrete in self.arretes.items()]
        choix.append((EN_COURS, f"L’année {annee} telle qu’elle est aujourd’hui (provisoire, non arrêté)"))
        champ = self.fields["periode"]
        champ.choices = choix  # type: ignore[attr-defined]
        champ.initial = choix[0][0]

    @property
    def arrete(self) -> Arrete | None:
        return self.arretes.get(self.cleaned_data["periode"])


class TableauForm(forms.Form):
    fichier = forms.FileField(
        label="Tableau de la CPAM",
        help_text="Classeur Excel (.xlsx) sans macro, 10 Mo au plus. Maillon remplit ses cellules nommées et ses "
        "repères {{…}}, et laisse le reste comme il est.",
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        check_taille(fichier)
        return fichier

    @property
    def piece(self) -> Piece:
        fichier = self.cleaned_data["fichier"]
        return Piece(fichier.name or "tableau.xlsx", fichier.read())


class CorrespondancesForm(forms.Form):
    """One choice of figure a place, under neutral field names: the names are the CPAM's own words."""

    def __init__(self, *args: Any, modele: ModeleTableau, chiffres: list[Chiffre], **options: Any) -> None:
        super().__init__(*args, **options)
        self.places = {f"place-{rang}": place for rang, place in enumerate(modele.places)}
        codes = {chiffre.code for chiffre in chiffres}
        choix = [("", "Ne rien écrire"), *((chiffre.code, chiffre.libelle) for chiffre in chiffres)]
        for nom, place in self.places.items():
            liee = modele.correspondances.get(place["nom"], "")
            self.fields[nom] = forms.ChoiceField(
                label=place["nom"],
                required=False,
                choices=choix,
                initial=liee if liee in codes else "",
                help_text=f"{place['feuille']}, {place['cellule']}" + (f" : {place['mots']}" if place["mots"] else ""),
            )

    @property
    def correspondances(self) -> dict[str, str]:
        return {place["nom"]: self.cleaned_data[nom] for nom, place in self.places.items()}
