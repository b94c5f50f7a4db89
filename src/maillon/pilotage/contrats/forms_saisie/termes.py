"""Steps 1 and 2: the terms of the contract, its missions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from maillon.regles import aci
from maillon.regles.aci.bareme import check_accord
from maillon.regles.erreurs import ErreurRegle
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import format_nombre

from ..donnees import DonneesContrat, DonneesMission
from ..enums import CodeMission, StatutMission
from ..forms import AIDE_DOCUMENT, ChampDate, check_taille
from ..saisie.donnees import Signataires
from ..saisie.verification import Baremes, find_taille, read_bareme, read_fonctionnement
from .champs import champ_entier, champ_euros

TAILLES = (("", "Je donne la population"), *((str(n), f"Taille {n}") for n in range(1, 5)))


class TermesForm(forms.Form):
    """Step 1. `donnees` is the contract without its missions, once valid."""

    signe_le = ChampDate(label="Contrat signé le", help_text="Sa date anniversaire fait les années du contrat.")
    population = champ_entier(
        "Population du territoire", help_text="Celle écrite dans le contrat : elle donne la taille."
    )
    millesime = champ_entier("Millésime de la population", help_text="Année du recensement, par exemple 2020.")
    taille = forms.ChoiceField(
        label="ou la taille, si le contrat ne dit pas la population", choices=TAILLES, required=False
    )
    bareme_le = ChampDate(
        label="Barème appliqué, à la date du",
        required=False,
        help_text="Vide : celui du jour de la signature. Si un avenant a changé vos montants, sa date d’effet.",
    )
    plafond_publie = champ_euros("Plafond annuel écrit dans le contrat", help_text="Seulement si un total y figure.")
    plafond_source = forms.CharField(label="Où est-il écrit ?", required=False, max_length=200)
    signe_cpts = forms.CharField(
        label="Signé pour la communauté par", required=False, max_length=120, help_text="Nom et qualité."
    )
    signe_cpam = forms.CharField(label="Signé pour l’Assurance Maladie par", required=False, max_length=120)
    signe_ars = forms.CharField(label="Signé pour l’ARS par", required=False, max_length=120)
    document = forms.FileField(label="Contrat signé", required=False, help_text=AIDE_DOCUMENT)

    def clean_signe_le(self) -> date:
        jour: date = self.cleaned_data["signe_le"]
        if jour > today():
            raise forms.ValidationError(
                f"Le {jour:%d/%m/%Y} n’est pas encore passé : saisissez le contrat une fois signé."
            )
        try:
            check_accord(jour)
        except ErreurRegle as refus:
            raise forms.ValidationError(str(refus)) from None
        return jour

    def clean_document(self) -> object:
        check_taille(self.cleaned_data["document"])
        return self.cleaned_data["document"]

    def clean_millesime(self) -> int | None:
        millesime: int | None = self.cleaned_data["millesime"]
        if millesime is not None and not 2006 <= millesime <= today().year:
            raise forms.ValidationError(
                f"« {millesime} » n’est pas une année de recensement, de 2006 à {today().year}."
            )
        return millesime

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        if "signe_le" not in donnees or self.errors:
            return donnees
        avenant = aci.load_bareme()["mission_acces"].versions[0].depuis
        if donnees["signe_le"] < avenant and donnees["bareme_le"] is None:
            self.add_error(
                "bareme_le",
                f"Ce contrat précède l’avenant 2. Si ses montants vous sont appliqués, écrivez {avenant:%d/%m/%Y} ou "
                f"la date de votre avenant ; sinon écrivez {donnees['signe_le']:%d/%m/%Y} : le barème de 2019 ne "
                "publie que des totaux.",
            )
            return donnees
        self._check_taille(donnees)
        return donnees

    def _check_taille(self, donnees: Mapping[str, Any]) -> None:
        population, taille = donnees["population"], donnees["taille"]
        if population is None and not taille:
            self.add_error("population", "Donnez la population, ou la taille de la communauté.")
            return
        try:
            calculee = find_taille(self.donnees)
        except ErreurRegle as refus:
            self.add_error("bareme_le" if donnees["bareme_le"] else "population", str(refus))
            return
        if taille and int(taille) != calculee:
            self.add_error(
                "taille",
                f"Vous donnez la taille {taille}, mais {format_nombre(population)} habitants font une taille "
                f"{calculee}. Gardez l’un des deux.",
            )

    @property
    def donnees(self) -> DonneesContrat:
        """The terms, without missions nor indicators."""
        lu = self.cleaned_data
        return DonneesContrat(
            signe_le=lu["signe_le"],
            missions=(),
            population=lu["population"],
            millesime=lu["millesime"] if lu["population"] else None,
            taille=int(lu["taille"]) if lu["taille"] and lu["population"] is None else None,
            bareme_le=lu["bareme_le"],
            plafond_publie=lu["plafond_publie"],
            plafond_source=lu["plafond_source"],
        )

    @property
    def signataires(self) -> Signataires:
        lu = self.cleaned_data
        return Signataires(lu["signe_cpts"], lu["signe_cpam"], lu["signe_ars"])


@dataclass(frozen=True, slots=True)
class MissionSaisie:
    """A mission of the form: its fields, and what the scale gives beside."""

    code: str
    libelle: str
    statut: BoundField
    debut: BoundField
    deployee: BoundField
    montants: list[BoundField]
    bareme: Baremes


STATUTS = (
    ("", "Pas au contrat"),
    (StatutMission.PREVUE.value, "Au contrat, pas encore démarrée"),
    (StatutMission.DEMARREE.value, "Démarrée"),
    (StatutMission.DEPLOYEE.value, "Déployée"),
)
MONTANTS = {
    CodeMission.CRISE: (
        ("fixe", "Plan de crise, première année"),
        ("fixe_suivantes", "Plan de crise, années suivantes"),
        ("activation", "Si l’ARS reconnaît une crise"),
    )
}
MONTANTS_AUTRES = (("fixe", "Part fixe par an"), ("variable", "Part variable par an"))


class MissionsForm(forms.Form):
    """Step 2: which missions, since when, and the contract's own amounts when they differ from the scale."""

    fonctionnement = champ_euros("Fonctionnement par an")

    def __init__(self, data: Mapping[str, Any] | None, *, termes: DonneesContrat) -> None:
        super().__init__(data)
        self.termes = termes
        self.on = termes.bareme_le or termes.signe_le
        self.codes = [code.value for code in aci.missions_of(self.on)]
        for code in self.codes:
            self.fields[f"{code}-statut"] = forms.ChoiceField(label="Où en est-elle ?", choices=STATUTS, required=False)
            self.fields[f"{code}-debut"] = ChampDate(label="Démarrée le", required=False)
            self.fields[f"{code}-deployee"] = ChampDate(label="Déployée le", required=False)
            for nom, libelle in MONTANTS.get(CodeMission(code), MONTANTS_AUTRES):
                self.fields[f"{code}-{nom}"] = champ_euros(libelle)
        self.label_suffix = ""

    @property
    def missions(self) -> Iterator[MissionSaisie]:
        taille = find_taille(self.termes)
        for code in self.codes:
            noms = [nom for nom, _ in MONTANTS.get(CodeMission(code), MONTANTS_AUTRES)]
            yield MissionSaisie(
                code,
                str(CodeMission(code).label),
                self[f"{code}-statut"],
                self[f"{code}-debut"],
                self[f"{code}-deployee"],
                [self[f"{code}-{nom}"] for nom in noms],
                read_bareme(code, taille=taille, on=self.on),
            )

    @property
    def bareme_fonctionnement(self) -> aci.Montant | None:
        return read_fonctionnement(taille=find_taille(self.termes), on=self.on)

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        for code in self.codes:
            self._clean_mission(code, donnees)
        if not any(donnees.get(f"{code}-statut") for code in self.codes):
            self.add_error(None, "Dites où en est au moins une mission du contrat.")
        return donnees

    def _clean_mission(self, code: str, donnees: Mapping[str, Any]) -> None:
        statut, debut = donnees.get(f"{code}-statut"), donnees.get(f"{code}-debut")
        if statut not in (StatutMission.DEMARREE, StatutMission.DEPLOYEE) or f"{code}-debut" in self.errors:
            return
        fin = aci.compute_anniversaires(self.termes.signe_le, on=self.on)[-1]
        deployee = donnees.get(f"{code}-deployee")
        if statut == StatutMission.DEPLOYEE and debut and deployee and not debut <= deployee <= min(fin, today()):
            self.add_error(
                f"{code}-deployee",
                f"Le {deployee:%d/%m/%Y} ne convient pas : la mission a démarré le {debut:%d/%m/%Y}, et un déploiement "
                "à venir ne se note pas encore.",
            )
        if debut is None:
            self.add_error(f"{code}-debut", f"{CodeMission(code).label} : donnez la date de démarrage.")
        elif debut > today():
            self.add_error(f"{code}-debut", f"Le {debut:%d/%m/%Y} n’est pas encore passé : gardez la mission prévue.")
        elif not self.termes.signe_le <= debut < fin:
            self.add_error(
                f"{code}-debut",
                f"Le {debut:%d/%m/%Y} est hors du contrat, qui va du {self.termes.signe_le:%d/%m/%Y} au "
                f"{fin:%d/%m/%Y}.",
            )

    def deploiements(self) -> dict[str, date]:
        """The day of each deployment that is known, by mission code."""
        lu = self.cleaned_data
        return {
            code: lu[f"{code}-deployee"]
            for code in self.codes
            if lu.get(f"{code}-statut") == StatutMission.DEPLOYEE and lu.get(f"{code}-deployee")
        }

    def donnees_missions(self) -> list[DonneesMission]:
        """The missions of the contract, in the order of the accord."""
        lu = self.cleaned_data
        return [
            DonneesMission(
                code=code,
                statut=StatutMission(lu[f"{code}-statut"]),
                debut=lu[f"{code}-debut"] if lu[f"{code}-statut"] != StatutMission.PREVUE else None,
                **{nom: lu[f"{code}-{nom}"] for nom, _ in MONTANTS.get(CodeMission(code), MONTANTS_AUTRES)},
            )
            for code in self.codes
            if lu.get(f"{code}-statut")
        ]
