"""One payment: when, what, for which contract year, how surely, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from maillon.regles.aci.types import Mission, Montant, libelle_of
from maillon.regles.parametres import Statut

POSTE_AIDE = "aide"


class Nature(StrEnum):
    """What a payment is."""

    TOTALITE = "totalite"
    """Fonctionnement of year 1, whole, at signature."""
    AVANCE = "avance"
    SOLDE = "solde"
    REPRISE = "reprise"
    """Negative balance: advances exceeded what the year was due in the end."""
    VARIABLE = "variable"
    """Variable part of a year, after its evaluation."""
    ACTIVATION = "activation"
    """A crisis that the ARS recognised."""
    AIDE = "aide"
    """Start-up aid of the ARS, outside the ACI."""

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]


_LIBELLES = {
    Nature.TOTALITE: "totalité",
    Nature.AVANCE: "avance",
    Nature.SOLDE: "solde",
    Nature.REPRISE: "reprise sur avance",
    Nature.VARIABLE: "part variable",
    Nature.ACTIVATION: "crise reconnue",
    Nature.AIDE: "aide au démarrage",
}


@dataclass(frozen=True, slots=True)
class Versement:
    """One payment for one contract year; ``mission`` is ``None`` for the fonctionnement.

    ``date`` is ``None`` when no fact gives it yet (« après l’évaluation »). ``certain`` is false for what depends on
    results: its amount is then the most that can be paid. ``explain`` builds the explanation, only when asked.
    """

    date: date | None
    annee_contrat: int
    mission: Mission | None
    nature: Nature
    valeur: Decimal
    statut: Statut
    explain: Callable[[Versement], Montant] = field(compare=False, repr=False)
    certain: bool = True

    @property
    def montant(self) -> Montant:
        return self.explain(self)

    @property
    def regle(self) -> str:
        """Why, in one French sentence."""
        return self.montant.explication[0].regle

    @property
    def poste(self) -> str:
        if self.nature is Nature.AIDE:
            return POSTE_AIDE
        return self.mission or "fonctionnement"

    @property
    def libelle(self) -> str:
        return "Aide de l’ARS" if self.nature is Nature.AIDE else libelle_of(self.mission)


def explain_by(versement: Versement, base: Montant, regle: str) -> Montant:
    """The payment as an amount: the text of ``base``, the rule that leads from it to this payment."""
    libelle = f"{versement.libelle}, année {versement.annee_contrat} : {versement.nature.libelle}"
    lignes = tuple(
        replace(ligne, libelle=libelle, montant=versement.valeur, regle=regle.strip(), statut=versement.statut)
        for ligne in base.explication[:1]
    )
    return Montant(versement.valeur, versement.statut, lignes)
