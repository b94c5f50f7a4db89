"""Who stands on the yearly declaration of sums paid to others (DAS2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles.indemnites.plafond import load_baremes
from maillon.regles.parametres import Statut


@dataclass(frozen=True, slots=True)
class SeuilDas2:
    """From this many euros paid to one person in the calendar year, the declaration names them."""

    annee: int
    montant: Decimal
    statut: Statut
    source: str

    @property
    def a_confirmer(self) -> bool:
        return self.statut.a_confirmer


def get_seuil_das2(annee: int) -> SeuilDas2:
    """The threshold of a calendar year, in euros; ``ParametreAbsent`` before 2022."""
    version = load_baremes()["seuil_das2"].at(date(annee, 12, 31))
    valeur = version.get()
    return SeuilDas2(annee=annee, montant=valeur.nombre, statut=valeur.statut, source=version.reference.texte)
