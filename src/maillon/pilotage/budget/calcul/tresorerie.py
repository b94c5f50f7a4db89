"""The cash to come, and the months of a series. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .enveloppes import ZERO, Mouvement

DELAI_RETARD = timedelta(days=30)  # when an overdue payment is supposed to come, in the unsure curve


@dataclass(frozen=True, slots=True)
class Prevu:
    """A payment of the contract that the schedule expects."""

    le: date
    annee: int
    poste: str
    nature: str
    montant: Decimal
    libelle: str
    sur: bool = True  # every amount behind it is read in a text


@dataclass(frozen=True, slots=True)
class Recu:
    """A payment of the contract that arrived; `poste` empty for the whole."""

    le: date
    annee: int
    poste: str
    nature: str
    montant: Decimal


def match_versements(prevus: Iterable[Prevu], recus: Iterable[Recu]) -> tuple[Prevu, ...]:
    """What is still expected: each payment received lowers the one it names, else those of its year in order.

    A negative one is money to give back, lowered by what was given back.
    """
    reste = sorted(prevus, key=lambda p: p.le)
    for recu in sorted(recus, key=lambda r: not r.poste):
        montant = recu.montant
        for rang, prevu in enumerate(reste):
            meme = (prevu.annee, prevu.nature) == (recu.annee, recu.nature) and recu.poste in ("", prevu.poste)
            if meme and montant * prevu.montant > 0:
                pris = min(montant, prevu.montant, key=abs)
                montant -= pris
                reste[rang] = replace(prevu, montant=prevu.montant - pris)
    return tuple(prevu for prevu in reste if prevu.montant)


@dataclass(frozen=True, slots=True)
class Encaissement:
    """Money to come. `certain` False for what depends on an evaluation or is overdue: it is drawn apart."""

    le: date
    montant: Decimal
    libelle: str
    certain: bool = True
    sur: bool = True


@dataclass(frozen=True, slots=True)
class Point:
    """The balance in the evening of a day: without, and with, what is not certain."""

    le: date
    certain: Decimal
    espere: Decimal


@dataclass(frozen=True, slots=True)
class Tresorerie:
    """The cash from today to a day. `points` are the ends of months and the lowest day, found day by day."""

    actuel: Decimal
    points: tuple[Point, ...]
    plus_bas: Point
    negatif: Point | None
    negatif_espere: Point | None

    @property
    def manque(self) -> Decimal:
        """What lacks at the lowest, without what is not certain."""
        return max(-self.plus_bas.certain, ZERO)


def compute_tresorerie(
    *,
    solde_le: date,
    solde: Decimal,
    mouvements: Sequence[Mouvement],
    recus: Iterable[Recu],
    attendus: Iterable[Encaissement],
    on: date,
    jusqu_a: date,
) -> Tresorerie:
    """From the balance of the bank in the evening of `solde_le`: what was paid since, then what is due.

    A commitment whose day has passed is due today. The last point is `jusqu_a`.
    """
    actuel = solde + sum((r.montant for r in recus if solde_le < r.le <= on), ZERO)
    actuel += sum((_en_caisse(m) for m in mouvements if m.paye and solde_le < m.le <= on), ZERO)
    certains: dict[date, Decimal] = defaultdict(lambda: ZERO)
    esperes: dict[date, Decimal] = defaultdict(lambda: ZERO)
    for mouvement in mouvements:
        if not mouvement.paye:
            certains[max(mouvement.le, on)] += _en_caisse(mouvement)
    for attendu in attendus:
        (certains if attendu.certain else esperes)[max(attendu.le, on)] += attendu.montant
    fins = _month_ends(on, jusqu_a)
    jours, courant, espere = [], actuel, ZERO
    for jour in sorted({on, *fins, *(j for j in [*certains, *esperes] if j <= jusqu_a)}):
        courant += certains.get(jour, ZERO)
        espere += esperes.get(jour, ZERO)
        jours.append(Point(jour, courant, courant + espere))
    plus_bas = min(jours, key=lambda p: (p.certain, p.le))
    return Tresorerie(
        actuel=actuel,
        points=tuple(point for point in jours if point.le in fins or point is plus_bas),
        plus_bas=plus_bas,
        negatif=next((p for p in jours if p.certain < 0), None),
        negatif_espere=next((p for p in jours if p.espere < 0), None),
    )


def _en_caisse(mouvement: Mouvement) -> Decimal:
    return -mouvement.montant if mouvement.depense else mouvement.montant


def _month_ends(on: date, jusqu_a: date) -> list[date]:
    """The last day of each month from `on`, and `jusqu_a` itself."""
    fins: list[date] = []
    jour = on
    while True:
        suivant = date(jour.year + jour.month // 12, jour.month % 12 + 1, 1)
        fin = suivant - timedelta(days=1)
        if fin >= jusqu_a:
            return [*fins, jusqu_a]
        fins.append(fin)
        jour = suivant


def list_mois(du: date, au: date, jour: int) -> list[date]:
    """The days on which a monthly spending falls due, from `du` to `au` included."""
    jours = []
    mois = date(du.year, du.month, 1)
    while mois <= au:
        le = mois.replace(day=jour)
        if du <= le <= au:
            jours.append(le)
        mois = date(mois.year + mois.month // 12, mois.month % 12 + 1, 1)
    return jours
