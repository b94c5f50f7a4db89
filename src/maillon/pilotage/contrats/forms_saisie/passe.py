"""Step 4: what was received year by year, and what each indicator gave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField

from maillon.regles import aci
from maillon.regles.aci.formats import format_euros
from maillon.socle.horloge import today

from ..donnees import DonneesContrat, DonneesIndicateur
from ..enums import CodeMission, Nature, NatureVersement
from ..forms import AIDE_DOCUMENT, ChampDate
from ..saisie.donnees import ResultatSaisi, VersementSaisi
from ..saisie.nombres import Illisible, fold, read_nombre
from ..saisie.verification import list_dus
from .champs import champ_euros

CHAMPS_VERSEMENT = ("le", "montant", "annee", "poste", "nature", "libelle")
VERSEMENTS_MAX = 120
VERSEMENTS_VIDES = 3
# A balance taken back is a repayment once it has left the bank.
NATURES = {aci.Nature.REPRISE: NatureVersement.REMBOURSEMENT.value}


def count_annees(donnees: DonneesContrat) -> int:
    """Contract years already begun."""
    jours = aci.compute_anniversaires(donnees.signe_le, on=donnees.bareme_le or donnees.signe_le)
    return sum(jour <= today() for jour in jours[:-1])


class VersementsForm(forms.Form):
    """Payments received, one row each; rows left empty are ignored."""

    def __init__(self, lignes: Sequence[Mapping[str, str]], *, donnees: DonneesContrat) -> None:
        self.brutes = [*lignes, *({} for _ in range(VERSEMENTS_VIDES))]
        super().__init__(
            {f"v{n}-{nom}": ligne.get(nom, "") for n, ligne in enumerate(self.brutes) for nom in CHAMPS_VERSEMENT}
        )
        annees = [("", "—"), ("0", "Avant le contrat")]
        annees += [(str(n), f"Année {n}") for n in range(1, count_annees(donnees) + 1)]
        missions = [(m.code, str(CodeMission(m.code).label)) for m in donnees.missions]
        postes = [("", "Toutes missions"), ("fonctionnement", "Fonctionnement"), *missions]
        natures = [("", "—"), *NatureVersement.choices]
        for n in range(len(self.brutes)):
            self.fields[f"v{n}-le"] = ChampDate(label="Reçu le", required=False)
            self.fields[f"v{n}-montant"] = champ_euros("Montant")
            self.fields[f"v{n}-annee"] = forms.ChoiceField(label="Pour l’année", choices=annees, required=False)
            self.fields[f"v{n}-poste"] = forms.ChoiceField(label="Poste", choices=postes, required=False)
            self.fields[f"v{n}-nature"] = forms.ChoiceField(label="Nature", choices=natures, required=False)
            self.fields[f"v{n}-libelle"] = forms.CharField(label="Libellé", max_length=160, required=False)

    def _is_vide(self, n: int) -> bool:
        return not any(self.brutes[n].get(nom) for nom in ("le", "montant", "libelle"))

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        for n in range(len(self.brutes)):
            if self._is_vide(n):
                continue
            for nom, demande in (
                ("le", "Donnez la date du versement."),
                ("montant", "Donnez le montant reçu."),
                ("annee", "Dites pour quelle année du contrat."),
                ("nature", "Dites ce que c’est : avance, solde, part variable…"),
            ):
                if not donnees.get(f"v{n}-{nom}") and f"v{n}-{nom}" not in self.errors:
                    self.add_error(f"v{n}-{nom}", f"Ligne {n + 1} : {demande}")
            jour = donnees.get(f"v{n}-le")
            if isinstance(jour, date) and jour > today():
                self.add_error(f"v{n}-le", f"Ligne {n + 1} : le {jour:%d/%m/%Y} n’est pas encore passé.")
        return donnees

    @property
    def lignes(self) -> Iterator[tuple[int, list[BoundField]]]:
        for n in range(len(self.brutes)):
            yield n, [self[f"v{n}-{nom}"] for nom in CHAMPS_VERSEMENT]

    @property
    def versements(self) -> list[VersementSaisi]:
        """The payments; a repayment counts against them, whatever its sign was typed."""
        lus = []
        for n in range(len(self.brutes)):
            if self._is_vide(n):
                continue
            lu = {nom: self.cleaned_data[f"v{n}-{nom}"] for nom in CHAMPS_VERSEMENT}
            nature = NatureVersement(lu["nature"])
            signe = -1 if nature == NatureVersement.REMBOURSEMENT else 1
            lus.append(
                VersementSaisi(lu["le"], signe * lu["montant"], int(lu["annee"]), lu["poste"], nature, lu["libelle"])
            )
        return lus


def read_versements_postes(post: Mapping[str, Any]) -> list[dict[str, str]]:
    """Rows of a posted form that say something, without those to take away."""
    lignes = []
    for n in range(VERSEMENTS_MAX):
        champs = {nom: str(post.get(f"v{n}-{nom}", "")).strip()[:160] for nom in CHAMPS_VERSEMENT}
        if not post.get(f"v{n}-retirer") and any(champs[nom] for nom in ("le", "montant", "libelle")):
            lignes.append(champs)
    return lignes


def propose_versements(
    lignes: Sequence[Mapping[str, str]], echeancier: aci.Echeancier, *, on: date
) -> list[dict[str, str]]:
    """The rows, and one for each payment called for by `on` whose year, poste and nature are not there yet."""
    deja = {(ligne.get("annee"), ligne.get("poste"), ligne.get("nature")) for ligne in lignes}
    proposees = []
    for jour, versement in list_dus(echeancier, on=on):
        nature = NATURES.get(versement.nature, versement.nature.value)
        if versement.montant.valeur and (str(versement.annee_contrat), versement.poste, nature) not in deja:
            montant = format_euros(abs(versement.montant.valeur)).removesuffix("€").strip()
            proposees.append(
                {
                    "le": jour.isoformat(),
                    "montant": montant,
                    "annee": str(versement.annee_contrat),
                    "poste": versement.poste,
                    "nature": nature,
                    "libelle": "",
                }
            )
    return [*(dict(ligne) for ligne in lignes), *proposees][:VERSEMENTS_MAX]


@dataclass(frozen=True, slots=True)
class ResultatLigne:
    """An indicator of the year: its fields, the document already kept."""

    cle: str
    indicateur: DonneesIndicateur
    valeur: BoundField
    le: BoundField
    certifie_par: BoundField
    preuve: BoundField
    preuve_gardee: Mapping[str, str] | None


class ResultatsForm(forms.Form):
    """What each indicator gave in one year. The date, certifier and document of the year stand for every row."""

    le = ChampDate(label="Valeurs à la date du")
    certifie_par = forms.CharField(
        label="Certifiées par", required=False, max_length=120,
        help_text="Qui les a établies, par exemple CPAM de la Loire. Vide : la communauté les déclare, à confirmer.",
    )  # fmt: skip
    source = forms.CharField(label="D’où viennent-elles ?", required=False, max_length=200)
    document = forms.FileField(label="Document de l’évaluation", required=False, help_text=AIDE_DOCUMENT)

    def __init__(
        self, brut: Mapping[str, str] | None, *, annee: int, donnees: DonneesContrat, cles: Sequence[str],
        documents: Mapping[str, Mapping[str, str]],
    ) -> None:  # fmt: skip
        jours = aci.compute_anniversaires(donnees.signe_le, on=donnees.bareme_le or donnees.signe_le)
        self.debut, self.fin = jours[annee - 1], jours[annee]
        self.annee, self.documents = annee, documents
        initial = {"le": min(self.fin, today()).isoformat(), "source": f"évaluation de l’année {annee}"}
        super().__init__(initial | dict(brut or {}))
        self.indicateurs = dict(zip(cles, donnees.indicateurs, strict=True))
        for cle, indicateur in self.indicateurs.items():
            attrs = {"inputmode": "decimal", "autocomplete": "off"}
            unite = f" ({indicateur.unite})" if indicateur.unite else ""
            self.fields[f"{cle}-valeur"] = forms.CharField(
                label=f"{indicateur.libelle}{unite}", required=False, max_length=40, widget=forms.TextInput(attrs=attrs)
            )
            self.fields[f"{cle}-le"] = ChampDate(label="À une autre date", required=False)
            self.fields[f"{cle}-certifie_par"] = forms.CharField(
                label="Certifiée par un autre", required=False, max_length=120
            )
            self.fields[f"{cle}-preuve"] = forms.FileField(label="Justificatif", required=False)

    def clean(self) -> dict[str, object]:
        donnees = super().clean() or {}
        self.valeurs: dict[str, Decimal] = {}
        for cle, indicateur in self.indicateurs.items():
            self._clean_valeur(cle, indicateur, str(donnees.get(f"{cle}-valeur") or ""))
            self._check_date(f"{cle}-le", donnees.get(f"{cle}-le"))
        self._check_date("le", donnees.get("le"))
        return donnees

    def _clean_valeur(self, cle: str, indicateur: DonneesIndicateur, texte: str) -> None:
        """« oui » and « non » are values of a deliverable."""
        if indicateur.nature == Nature.LIVRABLE and fold(texte) in ("oui", "non", "fait", "pas fait"):
            fait = fold(texte) in ("oui", "fait")
            self.valeurs[cle] = max(p.seuil for p in indicateur.paliers) if fait else Decimal(0)
            return
        try:
            valeur = read_nombre(texte, nom="la valeur")
            if valeur is not None and not 0 <= valeur < 10**9:
                raise Illisible(f"« {texte} » est impossible : donnez un nombre positif ou nul.")
            if valeur is not None and indicateur.nature == Nature.TAUX and valeur > 100:
                raise Illisible(f"Un taux de {texte} est impossible : donnez un taux de 0 à 100.")
        except Illisible as refus:
            self.add_error(f"{cle}-valeur", str(refus))
            return
        if valeur is not None:
            self.valeurs[cle] = round(valeur, 4)

    def _check_date(self, nom: str, jour: object) -> None:
        if isinstance(jour, date) and not self.debut < jour <= min(self.fin, today()):
            self.add_error(
                nom,
                f"Le {jour:%d/%m/%Y} ne dit pas l’année {self.annee} : après le {self.debut:%d/%m/%Y}, jusqu’au "
                f"{min(self.fin, today()):%d/%m/%Y}.",
            )

    @property
    def lignes(self) -> Iterator[ResultatLigne]:
        for cle, indicateur in self.indicateurs.items():
            yield ResultatLigne(
                cle,
                indicateur,
                self[f"{cle}-valeur"],
                self[f"{cle}-le"],
                self[f"{cle}-certifie_par"],
                self[f"{cle}-preuve"],
                self.documents.get(f"resultats-{self.annee}-{cle}"),
            )

    @property
    def document_garde(self) -> Mapping[str, str] | None:
        return self.documents.get(f"resultats-{self.annee}")

    @property
    def resultats(self) -> list[ResultatSaisi]:
        """The values given."""
        lu = self.cleaned_data
        return [
            ResultatSaisi(
                cle=cle,
                annee=self.annee,
                valeur=valeur,
                le=lu.get(f"{cle}-le") or lu["le"],
                source=lu["source"] or f"évaluation de l’année {self.annee}",
                certifie_par=lu.get(f"{cle}-certifie_par") or lu["certifie_par"],
                document=_id(self.document_garde),
                preuve=_id(self.documents.get(f"resultats-{self.annee}-{cle}")),
            )
            for cle, valeur in self.valeurs.items()
        ]


def _id(document: Mapping[str, str] | None) -> UUID | None:
    return UUID(document["id"]) if document else None
