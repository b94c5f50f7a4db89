"""Accounts proposed for the accounting export: dated, sourced, and replaced by those of the community."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from maillon.regles.parametres import Parametre, Statut, load_parametre

CLES = (
    "salaires",
    "locaux",
    "logiciels",
    "indemnites",
    "prestations",
    "communication",
    "formation",
    "reunions",
    "autre",
    "banque",
    "aci",
    "recettes",
)


@dataclass(frozen=True, slots=True)
class Compte:
    """An account and how surely it is the right one; `propre` when the community chose it."""

    cle: str
    numero: str
    libelle: str
    propre: bool = False
    a_confirmer: bool = False


@cache
def load_comptes() -> Parametre:
    """The chart proposed, read once."""
    return load_parametre("comptes", (Path(__file__).parent / "comptes.yaml").read_text(encoding="utf-8"))


def build_plan(on: date, propres: Mapping[str, tuple[str, str]]) -> dict[str, Compte]:
    """Every account in force at `on`; those of the community win."""
    version = load_comptes().at(on)
    plan = {}
    for cle in CLES:
        if cle in propres:
            plan[cle] = Compte(cle, *propres[cle], propre=True)
        else:
            incertain = version.statuts[cle, "numero"] is Statut.MEMOIRE
            plan[cle] = Compte(cle, version.text(cle, "numero"), version.text(cle, "libelle"), a_confirmer=incertain)
    return plan
