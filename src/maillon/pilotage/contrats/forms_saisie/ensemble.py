"""The draft read whole: every step's form, what they give together, and what stops the recording."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms

from maillon.regles.erreurs import ErreurRegle
from maillon.socle.declarations import IndicateurDeclare, collect
from maillon.socle.horloge import today

from ..donnees import DonneesContrat
from ..saisie import verification
from ..saisie.brouillon import get_document, get_lignes
from ..saisie.donnees import Saisie
from ..saisie.verification import Attendu, Enveloppe, Probleme
from .indicateurs import LignesForm
from .passe import ResultatsForm, VersementsForm, count_annees
from .termes import MissionsForm, TermesForm


class Ensemble:
    """A draft's content as forms. A step is None as long as those it rests on are not sound."""

    def __init__(self, contenu: Mapping[str, Any]) -> None:
        self.contenu = contenu

    @cached_property
    def declares(self) -> list[IndicateurDeclare]:
        return list(collect("indicateurs"))

    @cached_property
    def termes(self) -> TermesForm:
        return TermesForm(self.contenu.get("termes"))

    @cached_property
    def missions(self) -> MissionsForm | None:
        if not self.termes.is_valid():
            return None
        return MissionsForm(self.contenu.get("missions"), termes=self.termes.donnees)

    @cached_property
    def contrat(self) -> DonneesContrat | None:
        """Terms and missions, without indicators."""
        if self.missions is None or not self.missions.is_valid():
            return None
        return replace(
            self.termes.donnees,
            missions=self.missions.donnees_missions(),
            fonctionnement=self.missions.cleaned_data["fonctionnement"],
        )

    @cached_property
    def lignes(self) -> LignesForm | None:
        if self.contrat is None:
            return None
        codes = [mission.code for mission in self.contrat.missions]
        return LignesForm(get_lignes(self.contenu), missions=codes, declares=self.declares)

    @cached_property
    def complet(self) -> DonneesContrat | None:
        """The contract with its indicators."""
        if self.contrat is None or self.lignes is None or not self.lignes.is_valid():
            return None
        return replace(self.contrat, indicateurs=self.lignes.donnees)

    @cached_property
    def versements(self) -> VersementsForm | None:
        if self.contrat is None:
            return None
        return VersementsForm(self.contenu.get("versements", []), donnees=self.contrat)

    @cached_property
    def annees(self) -> range:
        """Contract years already begun."""
        return range(1, count_annees(self.contrat) + 1) if self.contrat else range(0)

    def resultats(self, annee: int) -> ResultatsForm | None:
        if self.complet is None or self.lignes is None:
            return None
        return ResultatsForm(
            self.contenu.get("resultats", {}).get(str(annee)),
            annee=annee,
            donnees=self.complet,
            cles=self.lignes.cles,
            documents=self.contenu.get("documents", {}),
        )

    @cached_property
    def enveloppes(self) -> tuple[Enveloppe, ...]:
        if self.contrat is None or self.lignes is None:
            return ()
        return verification.compute_enveloppes(self.contrat, self.lignes.maxima)

    @cached_property
    def saisie(self) -> Saisie | None:
        """Everything, once every step is sound."""
        if self.complet is None or self.lignes is None or self.versements is None or not self.versements.is_valid():
            return None
        resultats = [form for form in map(self.resultats, self.annees) if form is not None]
        if not all(form.is_valid() for form in resultats):
            return None
        document = get_document(self.contenu, "contrat")
        return Saisie(
            contrat=self.complet,
            cles=self.lignes.cles,
            signataires=self.termes.signataires,
            document=UUID(document["id"]) if document else None,
            deploiements=self.missions.deploiements() if self.missions else {},
            versements=self.versements.versements,
            resultats=[resultat for form in resultats for resultat in form.resultats],
        )

    @cached_property
    def attendus(self) -> tuple[Attendu, ...]:
        """Payments called for by today beside those received."""
        if self.saisie is None:
            return ()
        return verification.compare_versements(
            self.saisie, verification.compute_echeancier(self.saisie.contrat), on=today()
        )

    @cached_property
    def problemes(self) -> list[Probleme]:
        """What each step refuses; then, once all is sound, what disagrees."""
        refus = list(self._list_refus())
        if refus or self.saisie is None:
            return refus
        try:
            return verification.list_problemes(self.saisie, self.enveloppes, self.attendus, on=today())
        except ErreurRegle as erreur:
            return [Probleme("missions", str(erreur))]

    def _list_refus(self) -> Iterator[Probleme]:
        yield from _refus("termes", self.termes, "Les termes du contrat ne sont pas saisis.")
        if self.missions is not None:
            yield from _refus("missions", self.missions, "Les missions ne sont pas saisies.")
        if self.lignes is not None:
            yield from _refus("indicateurs", self.lignes, "")
        if self.versements is not None:
            yield from _refus("passe", self.versements, "")
        for form in map(self.resultats, self.annees):
            if form is not None:
                yield from _refus("passe", form, "", prefixe=f"Année {form.annee} : ")


def _refus(etape: str, form: forms.BaseForm, vide: str, *, prefixe: str = "") -> Iterator[Probleme]:
    if not form.is_bound:
        yield Probleme(etape, vide)
    for nom, erreurs in form.errors.items():
        libelle = form.fields[nom].label if nom in form.fields else ""
        for erreur in erreurs:
            suite = f"{libelle} : {erreur}" if libelle and not str(erreur).startswith("«") else str(erreur)
            yield Probleme(etape, f"{prefixe}{suite}")
