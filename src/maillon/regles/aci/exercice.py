"""One poste over one contract year: what is due by its days, what is advanced, what balances it. Integers of cents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles.aci.formats import format_euros
from maillon.regles.aci.termes import CONVENTION, Tranche
from maillon.regles.aci.types import Mission
from maillon.regles.parametres import Statut


def to_cents(montant: Decimal) -> int:
    return int(montant.scaleb(2))


def to_euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def divide_half_up(numerateur: int, diviseur: int) -> int:
    """Quotient of positive integers rounded half up."""
    return (2 * numerateur + diviseur) // (2 * diviseur)


@dataclass(frozen=True, slots=True)
class Exercice:
    """A poste (``None``: the fonctionnement) over year [``debut``, ``fin``[, by the days under each yearly amount."""

    mission: Mission | None
    annee: int
    debut: date
    fin: date
    tranches: Sequence[Tranche]

    @property
    def jours(self) -> int:
        return (self.fin - self.debut).days

    @property
    def is_changed(self) -> bool:
        """Whether the amount changed, or ended, inside the year: a convention that no text was found for."""
        return len(self.tranches) > 1 or any(t.fin != self.fin for t in self.tranches)

    @property
    def statut(self) -> Statut:
        if self.is_changed:
            return Statut.MEMOIRE
        return Statut.weakest(t.annuel.statut for t in self.tranches)

    def due_until(self, jour: date) -> int:
        """Cents due for the days of the year before ``jour``."""
        acquis = sum(
            to_cents(t.annuel.valeur) * (min(t.fin, jour) - t.debut).days for t in self.tranches if t.debut < jour
        )
        return divide_half_up(acquis, self.jours)

    def advance(self, taux: Decimal) -> Iterator[tuple[Tranche, int]]:
        """Cents advanced at the beginning of each tranche: a share of the year as it is then known."""
        numerateur, diviseur = taux.as_integer_ratio()
        acquis = verse = 0
        for tranche in self.tranches:
            annuel = to_cents(tranche.annuel.valeur)
            connu = divide_half_up(acquis + annuel * (self.fin - tranche.debut).days, self.jours)
            cible = divide_half_up(connu * numerateur, diviseur)
            if cible > verse:
                yield tranche, cible - verse
                verse = cible
            acquis += annuel * tranche.jours

    def say_prorata(self) -> str:
        """The days counted, in words; empty for a full year under one amount."""
        if self.is_changed:
            periodes = (
                f"du {t.debut:%d/%m/%Y} au {t.fin:%d/%m/%Y}, {format_euros(t.annuel.valeur)} pour {t.jours} jours "
                f"sur {self.jours}"
                for t in self.tranches
            )
            return f"Compté {' ; '.join(periodes)}. {CONVENTION}"
        return self.say_depart(self.tranches[0])

    def say_depart(self, tranche: Tranche) -> str:
        """The prorata as it was known at the beginning of a tranche, to the end of the year."""
        if tranche.debut == self.debut:
            return ""
        jours = (self.fin - tranche.debut).days
        return f"Prorata du {tranche.debut:%d/%m/%Y} au {self.fin:%d/%m/%Y} : {jours} jours sur {self.jours}."
