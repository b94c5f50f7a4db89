"""The yearly cap of what a community pays to one person (art. D. 1434-44 CSP): the PASS of the calendar year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Parametre, Statut, load_parametres

ZERO = Decimal(0)
PROCHE = Decimal("0.80")
"""Maillon warns from this share of the cap on."""


@dataclass(frozen=True, slots=True)
class PlafondAnnuel:
    """The cap of a calendar year; ``reconduit`` when the year's own is not published yet and the former one is used."""

    annee: int
    montant: Decimal
    statut: Statut
    source: str
    reconduit: bool

    @property
    def a_confirmer(self) -> bool:
        return self.reconduit or self.statut.a_confirmer

    @property
    def nom(self) -> str:
        """« Le plafond de 2026 (à confirmer) », as sentences begin."""
        return f"Le plafond de {self.annee}" + (" (à confirmer)" if self.a_confirmer else "")


class Alerte(StrEnum):
    """Where a person stands against the cap."""

    AUCUNE = "aucune"
    PROCHE = "proche"
    ATTEINT = "atteint"
    DEPASSE = "depasse"


@dataclass(frozen=True, slots=True)
class Compte:
    """The year of one person: approved here, waiting here, declared from other communities, in euros."""

    plafond: PlafondAnnuel
    approuve: Decimal
    en_attente: Decimal = ZERO
    ailleurs: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """What counts already."""
        return self.approuve + self.ailleurs

    @property
    def prevu(self) -> Decimal:
        """What would count if all that waits were approved."""
        return self.total + self.en_attente

    @property
    def reste(self) -> Decimal:
        """What may still be approved; never negative."""
        return max(ZERO, self.plafond.montant - self.total)

    @property
    def part(self) -> Decimal:
        """Share of the cap used, from 0; above 1 when exceeded."""
        return self.total / self.plafond.montant

    @property
    def alerte(self) -> Alerte:
        """By what would count if all that waits were approved, except that only what counts already exceeds."""
        if self.total > self.plafond.montant:
            return Alerte.DEPASSE
        if self.prevu >= self.plafond.montant:
            return Alerte.ATTEINT
        return Alerte.PROCHE if self.prevu >= self.plafond.montant * PROCHE else Alerte.AUCUNE

    def accepts(self, montant: Decimal) -> bool:
        """Whether this amount may be approved now."""
        return montant <= self.plafond.montant - self.total


@cache
def load_baremes() -> Mapping[str, Parametre]:
    """The dated amounts of pay."""
    return load_parametres(files(__package__) / "baremes")


def get_plafond_annuel(on: date) -> PlafondAnnuel:
    """Cap of the calendar year of ``on``; ``ParametreAbsent`` before 2022.

    The text came into force on 16/03/2022. Of a year whose ceiling is not published, the last known one is given, to be
    confirmed.
    """
    version = load_baremes()["plafond_annuel"].at(on)
    valeur = version.get()
    return PlafondAnnuel(
        annee=on.year,
        montant=valeur.nombre,
        statut=valeur.statut,
        source=version.reference.texte,
        reconduit=version.depuis.year != on.year,
    )


def check_ailleurs(montant: Decimal, *, autre_cpts: bool) -> None:
    """Refuse an amount from elsewhere that contradicts the answer."""
    if montant < 0:
        raise SaisieInvalide("Le montant versé ailleurs ne peut pas être négatif.")
    if montant and not autre_cpts:
        raise SaisieInvalide("Vous dites n’être payé par aucune autre CPTS : laissez le montant vide, ou répondez oui.")
