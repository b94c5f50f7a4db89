"""Nouns of the ACI: size, mission, amount of money with its explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Statut, Valeur

ZERO = Decimal("0.00")
_CENT = Decimal("0.01")


class Taille(IntEnum):
    """Size of a CPTS by the population of its territory."""

    TAILLE_1 = 1
    TAILLE_2 = 2
    TAILLE_3 = 3
    TAILLE_4 = 4

    @property
    def code(self) -> str:
        """Key of the size in the scale: ``taille_1``…"""
        return f"taille_{self.value}"

    @property
    def libelle(self) -> str:
        return f"taille {self.value}"

    @classmethod
    def read(cls, valeur: int) -> Taille:
        """Size from its number; ``SaisieInvalide`` outside 1–4."""
        try:
            return cls(valeur)
        except ValueError:
            raise SaisieInvalide(
                f"La taille « {valeur} » n’existe pas : une CPTS est de taille 1, 2, 3 ou 4."
            ) from None


class Mission(StrEnum):
    """Missions of the ACI, in the order of the accord."""

    ACCES = "acces"
    PARCOURS = "parcours"
    PREVENTION = "prevention"
    CRISE = "crise"
    QUALITE = "qualite"
    ACCOMPAGNEMENT = "accompagnement"

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]

    @classmethod
    def read(cls, code: str) -> Mission:
        """Mission from its code; ``SaisieInvalide`` when unknown."""
        try:
            return cls(code)
        except ValueError:
            connues = ", ".join(cls)
            raise SaisieInvalide(f"La mission « {code} » est inconnue. Missions possibles : {connues}.") from None


_LIBELLES = {
    Mission.ACCES: "Accès aux soins",
    Mission.PARCOURS: "Parcours pluriprofessionnels",
    Mission.PREVENTION: "Prévention",
    Mission.CRISE: "Crise sanitaire",
    Mission.QUALITE: "Qualité et pertinence",
    Mission.ACCOMPAGNEMENT: "Accompagnement des professionnels",
}

LIBELLE_FONCTIONNEMENT = "Fonctionnement"


def libelle_of(mission: Mission | None) -> str:
    """French label of a mission, or of the fonctionnement for ``None``."""
    return mission.libelle if mission else LIBELLE_FONCTIONNEMENT


def round_cent(montant: Decimal | Fraction) -> Decimal:
    """Amount in euros rounded to the cent, half up; exact for fractions as well."""
    if isinstance(montant, Fraction):
        cents = (abs(montant) * 200 + 1) // 2
        montant = Decimal(cents if montant >= 0 else -cents) / 100
    return montant.quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class LigneExplication:
    """One line of an explanation: what, how much, by which rule, from which text, since when, how surely."""

    libelle: str
    montant: Decimal | None
    regle: str
    source: str
    date: date | None
    statut: Statut

    @property
    def a_confirmer(self) -> bool:
        return self.statut.a_confirmer


@dataclass(frozen=True, slots=True)
class Montant:
    """Euros to the cent, how surely they are known, and why."""

    valeur: Decimal
    statut: Statut = Statut.VERIFIE
    explication: tuple[LigneExplication, ...] = ()

    @property
    def a_confirmer(self) -> bool:
        return self.statut.a_confirmer

    @classmethod
    def of_bareme(cls, valeur: Valeur, *, libelle: str, regle: str = "") -> Montant:
        """Amount read in the scale."""
        montant = round_cent(valeur.nombre)
        regle = regle or f"Barème en vigueur depuis le {valeur.depuis:%d/%m/%Y}. {valeur.reference.note}".strip()
        ligne = LigneExplication(libelle, montant, regle, valeur.reference.texte, valeur.depuis, valeur.statut)
        return cls(montant, valeur.statut, (ligne,))

    @classmethod
    def of_contrat(cls, valeur: Decimal, *, libelle: str, source: str, regle: str = "") -> Montant:
        """Amount written in the contract itself, which wins over the scale."""
        montant = round_cent(valeur)
        regle = regle or "Montant propre au contrat, qui l’emporte sur le barème."
        return cls(montant, Statut.VERIFIE, (LigneExplication(libelle, montant, regle, source, None, Statut.VERIFIE),))

    @classmethod
    def somme(cls, montants: Iterable[Montant]) -> Montant:
        """Sum; its statut is the weakest of the parts, its explanation theirs in order. Zero parts explain nothing."""
        parts = [m for m in montants if m.valeur or m.explication]
        return cls(
            sum((m.valeur for m in parts), ZERO),
            Statut.weakest(m.statut for m in parts),
            tuple(ligne for m in parts for ligne in m.explication),
        )

    def derive(self, valeur: Decimal, *, libelle: str, regle: str) -> Montant:
        """Amount computed from this one by ``regle``: same source and statut."""
        lignes = tuple(replace(ligne, libelle=libelle, montant=valeur, regle=regle) for ligne in self.explication[:1])
        return Montant(valeur, self.statut, lignes)

    def weaken(self, statut: Statut) -> Montant:
        """The same amount, not surer than ``statut``."""
        return replace(self, statut=Statut.weakest((self.statut, statut)))


RIEN = Montant(ZERO)


@dataclass(frozen=True, slots=True)
class MontantsMission:
    """A contract's own yearly euros for one mission; ``None`` leaves the amount to the scale.

    ``fixe_suivantes`` is the fixed part from year 2 on when it differs (crisis plan); ``activation`` the euros
    paid only if the ARS recognises a crisis.
    """

    fixe: Decimal | None = None
    variable: Decimal | None = None
    fixe_suivantes: Decimal | None = None
    activation: Decimal | None = None

    def __post_init__(self) -> None:
        _refuse_negative(self.fixe, self.variable, self.fixe_suivantes, self.activation)


@dataclass(frozen=True, slots=True)
class MontantsContrat:
    """A contract's own amounts, which win over the scale: either a single yearly ``plafond``, or parts of it."""

    source: str
    plafond: Decimal | None = None
    fonctionnement: Decimal | None = None
    missions: Mapping[Mission, MontantsMission] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _refuse_negative(self.plafond, self.fonctionnement)
        if self.plafond is not None and (self.fonctionnement is not None or self.missions):
            raise SaisieInvalide(
                "Donnez soit le plafond total du contrat, soit ses montants par mission, pas les deux : "
                "le total se calcule."
            )


def _refuse_negative(*montants: Decimal | None) -> None:
    for montant in montants:
        if montant is not None and not (montant.is_finite() and montant >= 0):
            raise SaisieInvalide(f"Un montant du contrat ne peut pas être « {montant} » : donnez des euros positifs.")
