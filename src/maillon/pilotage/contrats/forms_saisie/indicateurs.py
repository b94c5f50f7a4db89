"""Step 3: a table pasted or a file, then its rows one by one, each with what was deduced and what is refused."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField

from maillon.socle.declarations import IndicateurDeclare

from ..donnees import DonneesIndicateur
from ..enums import CodeMission, Nature, SensIndicateur
from ..saisie.indicateurs import IndicateurLu, read_ligne, unique_codes
from ..saisie.lignes import CHAMPS
from ..saisie.tableau import Tableau, TableauRefuse, read_fichier_tableau, read_texte

LIGNES_VIDES = 2


def read_collage(texte: str, fichier: UploadedFile | None) -> Tableau | None:
    """The table of a paste, or of a file; None when there is neither. Raises TableauRefuse."""
    if fichier is not None:
        if (fichier.size or 0) > 2_000_000:
            raise TableauRefuse(f"« {fichier.name} » dépasse 2 Mo. Gardez à part la seule feuille des indicateurs.")
        return read_fichier_tableau(fichier.name or "", fichier.read())
    return read_texte(texte) if texte.strip() else None


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """A row of the form: what was read of it, and its fields."""

    cle: str
    lot: str
    neuve: bool
    propose: bool
    lu: IndicateurLu | None
    champs: dict[str, BoundField]
    calculs: Mapping[str, str]
    en_erreur: bool

    @property
    def mission(self) -> str:
        valeur = str(self.champs["mission"].value() or "")
        return str(CodeMission(valeur).label) if valeur in CodeMission.values else ""

    @property
    def nature(self) -> str:
        return str(Nature(self.lu.deduits["nature"]).label) if self.lu else ""

    @property
    def calcul(self) -> str:
        """The figure that Maillon computes for it, if any."""
        code = str(self.champs["declare"].value() or "")
        return self.calculs.get(code, "")


class LignesForm(forms.Form):
    """Every row, always read: `lignes` as typed. Rows left empty are ignored."""

    def __init__(
        self, lignes: Sequence[Mapping[str, str]], *, missions: Sequence[str], declares: Sequence[IndicateurDeclare]
    ) -> None:
        neuves = [{"cle": f"n{rang}", "neuve": "1"} for rang in range(1, LIGNES_VIDES + 1)]
        self.brutes = [*lignes, *neuves]
        data = {f"{ligne['cle']}-{nom}": ligne.get(nom, "") for ligne in self.brutes for nom in CHAMPS}
        super().__init__(data)
        self.declares = declares
        self.nombre = len(lignes)
        self.missions_choix = [(code.value, code.label) for code in CodeMission if code in missions]
        self.lus: dict[str, IndicateurLu] = {}
        for ligne in self.brutes:
            self._add_fields(ligne, missions)

    def _add_fields(self, ligne: Mapping[str, str], missions: Sequence[str]) -> None:
        cle = ligne["cle"]
        lu = None if ligne.get("neuve") else read_ligne(ligne)
        if lu is not None:
            self.lus[cle] = lu
        siennes = [code for code in CodeMission if code in missions or code == ligne.get("mission")]
        declares = [d for d in self.declares if not ligne.get("mission") or d.serves(ligne["mission"])]
        deduits = lu.deduits if lu else {}
        champs: dict[str, forms.Field] = {
            "libelle": forms.CharField(label="Intitulé", max_length=200, required=False),
            "mission": _choix("Mission", [("", "À choisir"), *((code.value, code.label) for code in siennes)]),
            "paliers": forms.CharField(
                label="Paliers",
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
                help_text="Seuil : montant, séparés par des points-virgules.",
            ),
            "reference": _texte("Valeur de départ"),
            "nature": _choix("Nature", [("", _say_deduit("Déduite", Nature, deduits.get("nature"))), *Nature.choices]),
            "sens": _choix(
                "Sens", [("", _say_deduit("Déduit", SensIndicateur, deduits.get("sens"))), *SensIndicateur.choices]
            ),
            "unite": _texte("Unité, au singulier"),
            "variation": _texte("Évolution demandée"),
            "cible": _texte("Cible"),
            "certificateur": _texte("Certifié par"),
            "preuve": _texte("Justificatif demandé, au singulier"),
            "definition": forms.CharField(label="Définition", max_length=2000, required=False),
            "declare": _choix(
                "Calculé par Maillon", [("", "Non : la valeur sera saisie"), *((d.code, d.libelle) for d in declares)]
            ),
        }
        for nom, champ in champs.items():
            self.fields[f"{cle}-{nom}"] = champ

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        for cle, lu in self.lus.items():
            for nom, phrase in lu.erreurs.items():
                self.add_error(f"{cle}-{nom or 'paliers'}", f"{self._name(cle)} : {phrase}")
        return donnees

    def _name(self, cle: str) -> str:
        libelle = str(self.data.get(f"{cle}-libelle", "")).strip()
        return f"« {libelle[:60]} »" if libelle else "Ligne sans intitulé"

    @property
    def lignes(self) -> Iterator[LigneSaisie]:
        for ligne in self.brutes:
            cle = ligne["cle"]
            yield LigneSaisie(
                cle,
                ligne.get("lot", ""),
                bool(ligne.get("neuve")),
                bool(ligne.get("propose")),
                self.lus.get(cle),
                {nom: self[f"{cle}-{nom}"] for nom in CHAMPS},
                {declare.code: declare.libelle for declare in self.declares},
                any(self[f"{cle}-{nom}"].errors for nom in CHAMPS),
            )

    @property
    def maxima(self) -> list[tuple[str, Any]]:
        """Mission and highest amount of each row, sound or not."""
        return [
            (str(ligne.get("mission", "")), self.lus[ligne["cle"]].maximum)
            for ligne in self.brutes
            if ligne["cle"] in self.lus
        ]

    @property
    def donnees(self) -> list[DonneesIndicateur]:
        """The indicators, in order; every row is sound once the form is valid."""
        return unique_codes(donnees for _, donnees in self._bons())

    @property
    def cles(self) -> list[str]:
        return [cle for cle, _ in self._bons()]

    def _bons(self) -> Iterator[tuple[str, DonneesIndicateur]]:
        for cle, lu in self.lus.items():
            if lu.donnees is not None:
                yield cle, lu.donnees


def read_lignes_postees(post: Mapping[str, Any], cles: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a posted form, in order, without those to take away."""
    lignes = []
    for cle in cles:
        if post.get(f"{cle}-retirer"):
            continue
        champs = {nom: str(post.get(f"{cle}-{nom}", ""))[:4000] for nom in (*CHAMPS, "lot", "propose")}
        lignes.append(champs | {"cle": cle if cle.startswith("i") else ""})
    return lignes


def _texte(libelle: str) -> forms.CharField:
    return forms.CharField(label=libelle, required=False, max_length=120)


def _choix(libelle: str, choix: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=libelle, choices=choix, required=False)


def _say_deduit(mot: str, enum: Any, valeur: str | None) -> str:
    return f"{mot} : {enum(valeur).label}" if valeur else "À déduire"
