"""Spent, committed, remaining, projected, and the cash to come. Pure: no query, no clock, no framework.

Every amount is in euros to the cent. A spending is positive; what reverses it is negative.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
JOURS_RYTHME = 90  # below, the pace of occasional spending says nothing yet


@dataclass(frozen=True, slots=True)
class Mouvement:
    """One operation as the budget weighs it. `recurrent` comes back each month and is not extrapolated twice."""

    le: date
    poste: str
    categorie: str
    montant: Decimal
    depense: bool
    paye: bool
    recurrent: bool = False
    libelle: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class BaseEnveloppe:
    """What the contract year gives a poste. `sur` False when an amount of it is recalled and not read in a text;
    `fixe` None when the contract is known by its total only."""

    poste: str
    libelle: str
    fixe: Decimal | None
    constate: Decimal = ZERO
    a_confirmer: Decimal = ZERO
    possible: Decimal = ZERO
    sur: bool = True


@dataclass(frozen=True, slots=True)
class Deplacement:
    """Euros moved from one poste to another by a decision of the bureau."""

    de: str
    vers: str
    montant: Decimal


@dataclass(frozen=True, slots=True)
class Depenses:
    """Paid and committed in a contract year, and what the year would cost at its end."""

    paye: Decimal = ZERO
    engage: Decimal = ZERO
    projete: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.paye + self.engage


@dataclass(frozen=True, slots=True)
class Enveloppe:
    """A poste over the year. `recu` is what came besides the contract (a grant); `epuisee_le` the day when spending
    would pass what is sure; `categories` what was spent and committed by category."""

    base: BaseEnveloppe
    deplace: Decimal
    recu: Decimal
    depenses: Depenses
    epuisee_le: date | None
    categories: dict[str, Depenses]

    @property
    def poste(self) -> str:
        return self.base.poste

    @property
    def libelle(self) -> str:
        return self.base.libelle

    @property
    def connue(self) -> bool:
        return self.base.fixe is not None

    @property
    def sure(self) -> Decimal:
        """Fixed part due, variable part certified, decisions of the bureau and other income; never the forecast."""
        return (self.base.fixe or ZERO) + self.base.constate + self.deplace + self.recu

    @property
    def reste(self) -> Decimal:
        """What may still be committed."""
        return self.sure - self.depenses.total

    @property
    def taux(self) -> Decimal | None:
        return self.depenses.total / self.sure if self.connue and self.sure > 0 else None

    @property
    def manque(self) -> Decimal:
        """What the year would lack at its end."""
        return max(self.depenses.projete - self.sure, ZERO) if self.connue else ZERO

    @property
    def couvert(self) -> Decimal:
        """The share of what lacks that the forecast would cover, once confirmed."""
        return min(self.manque, self.base.a_confirmer)

    @property
    def a_risque(self) -> bool:
        return self.epuisee_le is not None


def compute_enveloppes(
    bases: Iterable[BaseEnveloppe],
    deplacements: Sequence[Deplacement],
    mouvements: Iterable[Mouvement],
    *,
    debut: date,
    fin: date,
    on: date,
) -> tuple[Enveloppe, ...]:
    """One envelope a poste, over the contract year [debut, fin[, as known at `on`."""
    siens: dict[str, list[Mouvement]] = defaultdict(list)
    for mouvement in mouvements:
        if debut <= mouvement.le < fin:
            siens[mouvement.poste].append(mouvement)
    enveloppes = []
    for base in bases:
        deplace = sum((d.montant for d in deplacements if d.vers == base.poste), ZERO)
        deplace -= sum((d.montant for d in deplacements if d.de == base.poste), ZERO)
        enveloppes.append(_compute_enveloppe(base, deplace, siens[base.poste], debut=debut, fin=fin, on=on))
    return tuple(enveloppes)


def _compute_enveloppe(
    base: BaseEnveloppe, deplace: Decimal, mouvements: Sequence[Mouvement], *, debut: date, fin: date, on: date
) -> Enveloppe:
    depenses = sorted((m for m in mouvements if m.depense), key=lambda m: m.le)
    by_categorie: dict[str, list[Mouvement]] = defaultdict(list)
    for mouvement in depenses:
        by_categorie[mouvement.categorie].append(mouvement)
    enveloppe = Enveloppe(
        base=base,
        deplace=deplace,
        recu=sum((m.montant for m in mouvements if not m.depense and m.paye), ZERO),
        depenses=_sum_depenses(depenses, debut=debut, fin=fin, on=on),
        epuisee_le=None,
        categories={c: _sum_depenses(ms, debut=debut, fin=fin, on=on) for c, ms in by_categorie.items()},
    )
    if not enveloppe.manque:
        return enveloppe
    return replace(enveloppe, epuisee_le=_find_epuisement(depenses, enveloppe.sure, debut=debut, fin=fin, on=on))


def _sum_depenses(depenses: Sequence[Mouvement], *, debut: date, fin: date, on: date) -> Depenses:
    return Depenses(
        paye=sum((m.montant for m in depenses if m.paye), ZERO),
        engage=sum((m.montant for m in depenses if not m.paye), ZERO),
        projete=_cumul_projete(depenses, debut=debut, on=on)(fin),
    )


def _cumul_projete(depenses: Sequence[Mouvement], *, debut: date, on: date) -> Callable[[date], Decimal]:
    """What would be spent by a day to come: what is paid, what comes back each month, and for occasional spending the
    greater of what is committed and of the pace since the beginning of the year.

    A commitment whose day has passed is due now. The pace counts from ninety days on.
    """
    ecoules = (on - debut).days
    ponctuel_paye = sum((m.montant for m in depenses if m.paye and not m.recurrent), ZERO)
    rythme = max(ponctuel_paye, ZERO) / ecoules if ecoules >= JOURS_RYTHME else ZERO
    paye = sum((m.montant for m in depenses if m.paye), ZERO)
    engages = [m for m in depenses if not m.paye]

    def cumul(jour: date) -> Decimal:
        mensuel = sum((m.montant for m in engages if m.recurrent and max(m.le, on) <= jour), ZERO)
        ponctuel = sum((m.montant for m in engages if not m.recurrent and max(m.le, on) <= jour), ZERO)
        prolonge = _cent(rythme * max((jour - on).days, 0))
        return paye + mensuel + max(ponctuel, prolonge)

    return cumul


def _find_epuisement(depenses: Sequence[Mouvement], sure: Decimal, *, debut: date, fin: date, on: date) -> date:
    """First day on which what is spent, then what would be, passes what is sure."""
    cumul = ZERO
    for mouvement in depenses:
        if mouvement.paye:
            cumul += mouvement.montant
            if cumul > sure:
                return mouvement.le
    projete = _cumul_projete(depenses, debut=debut, on=on)
    jour = on
    while jour < fin and projete(jour) <= sure:
        jour += timedelta(days=1)
    return jour


def _cent(montant: Decimal) -> Decimal:
    return montant.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
