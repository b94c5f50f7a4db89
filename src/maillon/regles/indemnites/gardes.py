"""A landmark for what a duty of the community may be paid: no text sets it, its bodies decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles.indemnites.calcul import round_cents
from maillon.regles.indemnites.plafond import load_baremes
from maillon.regles.parametres import Statut


@dataclass(frozen=True, slots=True)
class RepereGarde:
    """What the permanence des soins pays at least for so many hours on call."""

    montant: Decimal
    heures: Decimal
    statut: Statut
    source: str

    @property
    def a_confirmer(self) -> bool:
        return self.statut.a_confirmer

    def prorate(self, heures: Decimal) -> Decimal:
        """The same for a duty of so many hours."""
        return round_cents(self.montant * heures / self.heures)


def get_repere_garde(on: date) -> RepereGarde:
    """The landmark in force that day; ``ParametreAbsent`` before 30/04/2011."""
    version = load_baremes()["astreinte"].at(on)
    return RepereGarde(
        montant=version.get("montant").nombre,
        heures=version.get("heures").nombre,
        statut=Statut.weakest(version.statuts.values()),
        source=version.reference.texte,
    )
