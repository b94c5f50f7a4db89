"""The three questions of an import: which file, which columns, which indicators."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.champs import ChampDate
from maillon.pilotage.contrats.donnees import Piece
from maillon.pilotage.contrats.forms import check_taille, read_piece
from maillon.pilotage.contrats.models import Indicateur
from maillon.socle.horloge import today

from .correspondances import Colonnes, list_territoires
from .enums import Organisme
from .lecture import Tableau
from .models import Correspondance, Importation


class DepotForm(forms.Form):
    fichier = forms.FileField(
        label="Fichier", help_text="CSV ou Excel (.xlsx), 10 Mo au plus. Des totaux, jamais des personnes."
    )
    source = forms.ModelChoiceField(
        Correspondance.objects.none(), label="Source", required=False, empty_label="Une nouvelle source"
    )
    nom = forms.CharField(
        label="Nom de la nouvelle source",
        required=False,
        max_length=80,
        help_text="Par exemple : tableau de bord trimestriel de la CPAM.",
    )
    organisme = forms.ChoiceField(
        label="Ses chiffres sont établis par", choices=Organisme.choices, initial=Organisme.ASSURANCE_MALADIE
    )
    certificateur = forms.CharField(
        label="Nom de l’organisme", required=False, max_length=120, help_text="Par exemple : CPAM de la Loire."
    )

    def __init__(self, *args: Any, sources: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["source"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = sources
        champ.initial = sources.last()

    def clean_fichier(self) -> object:
        check_taille(self.cleaned_data["fichier"])
        return self.cleaned_data["fichier"]

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        if not donnees.get("source"):
            for champ, message in (
                ("nom", "Donnez un nom à cette source : sa lecture sera gardée."),
                ("certificateur", "Dites qui établit ces chiffres."),
            ):
                if not donnees.get(champ):
                    self.add_error(champ, message)
        return donnees

    @property
    def piece(self) -> Piece:
        piece = read_piece(self.cleaned_data["fichier"])
        assert piece is not None
        return piece


class ColonnesForm(forms.Form):
    feuille = forms.ChoiceField(label="Feuille du classeur", required=False)
    indicateur = forms.ChoiceField(
        label="Colonne de l’indicateur",
        required=False,
        help_text="Laissez vide si chaque colonne est un indicateur.",
    )
    valeur = forms.ChoiceField(label="Colonne de la valeur", required=False)
    date = forms.ChoiceField(label="Colonne de la date ou de la période", required=False)
    date_fixe = ChampDate(
        label="ou une date pour toutes les valeurs",
        required=False,
        help_text="Le jour que les valeurs décrivent, souvent celui de l’extraction.",
    )
    territoire = forms.ChoiceField(
        label="Colonne du territoire", required=False, help_text="Vide si le fichier ne parle que de votre communauté."
    )
    garde = forms.ChoiceField(label="Territoire à garder", required=False)

    def __init__(self, *args: Any, tableau: Tableau, importation: Importation, **options: Any) -> None:
        super().__init__(*args, **options)
        self.tableau = tableau
        source = importation.correspondance
        titres = [("", "—"), *((titre, titre) for titre in tableau.entetes)]
        initiales = {
            "indicateur": source.colonne_indicateur,
            "valeur": source.colonne_valeur,
            "date": source.colonne_date,
            "territoire": source.colonne_territoire,
        }
        for nom, initiale in initiales.items():
            self._offer(nom, titres, initiale if initiale in tableau.entetes else "")
        colonne = self.data.get("territoire") if self.is_bound else source.colonne_territoire
        self._offer(
            "garde", [("", "—"), *((t, t) for t in list_territoires(tableau, colonne or ""))], source.territoire
        )
        self.fields["date_fixe"].initial = importation.date_fixe
        if len(tableau.feuilles) > 1:
            self._offer("feuille", [(f, f) for f in tableau.feuilles], tableau.feuille)
        else:
            del self.fields["feuille"]

    def _offer(self, nom: str, choix: Sequence[tuple[str, str]], initiale: str) -> None:
        champ = self.fields[nom]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = choix
        champ.initial = initiale

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        if donnees.get("indicateur") and not donnees.get("valeur"):
            self.add_error("valeur", "Dites quelle colonne porte la valeur.")
        if not donnees.get("date") and not donnees.get("date_fixe"):
            self.add_error("date", "Dites quelle colonne porte la date, ou donnez une date pour toutes les valeurs.")
        if (fixe := donnees.get("date_fixe")) and fixe > today():
            self.add_error("date_fixe", "Ce jour n’est pas encore passé.")
        if donnees.get("territoire") and not donnees.get("garde") and "garde" not in self.errors:
            self.add_error("garde", "Choisissez votre territoire parmi ceux du fichier.")
        choisies = [donnees.get(n) for n in ("indicateur", "valeur", "date", "territoire") if donnees.get(n)]
        if len(set(choisies)) < len(choisies):
            self.add_error(None, "Une même colonne ne peut pas servir deux fois.")
        return donnees

    @property
    def colonnes(self) -> Colonnes:
        lu = self.cleaned_data
        return Colonnes(
            lu["indicateur"], lu["valeur"] if lu["indicateur"] else "", lu["date"], lu["territoire"], lu["garde"]
        )


class LibellesForm(forms.Form):
    """One choice for each label of the file."""

    def __init__(
        self,
        *args: Any,
        libelles: Sequence[str],
        indicateurs: Sequence[Indicateur],
        proposes: dict[str, str],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        choix = [("", "Ne pas importer"), *((i.code, i.libelle) for i in indicateurs)]
        self.libelles = list(libelles)
        for rang, libelle in enumerate(self.libelles):
            self.fields[f"l{rang}"] = forms.ChoiceField(
                label=libelle, choices=choix, required=False, initial=proposes.get(libelle, "")
            )

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        choisis = [code for code in donnees.values() if code]
        if not choisis:
            raise forms.ValidationError("Reliez au moins un libellé du fichier à un indicateur du contrat.")
        return donnees

    @property
    def choix(self) -> dict[str, str]:
        return {libelle: self.cleaned_data[f"l{rang}"] for rang, libelle in enumerate(self.libelles)}
