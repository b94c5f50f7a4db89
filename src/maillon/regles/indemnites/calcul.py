"""Amounts: which rate applies, what it gives, what must be said before anybody agrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.indemnites.plafond import Alerte, Compte

CENTIME = Decimal("0.01")
JOUR = Decimal(24)


class Mode(StrEnum):
    HEURE = "heure"
    SEANCE = "seance"
    FORFAIT = "forfait"


class Nature(StrEnum):
    """Indemnités compensate income lost to a function of the association; rémunérations pay part in missions."""

    INDEMNITE = "indemnite"
    REMUNERATION = "remuneration"


@dataclass(frozen=True, slots=True)
class TarifConnu:
    """A rate in force over [debut, fin[; an empty ``mission`` or ``profession`` stands for all."""

    cle: str
    fonction: str
    nature: Nature
    mode: Mode
    montant: Decimal
    debut: date
    fin: date | None = None
    mission: str = ""
    profession: str = ""
    heures_max: Decimal | None = None

    def applies(self, fonction: str, mission: str, profession: str, on: date) -> bool:
        return (
            self.fonction == fonction
            and self.mission in ("", mission)
            and self.profession in ("", profession)
            and self.debut <= on
            and (self.fin is None or on < self.fin)
        )


@dataclass(frozen=True, slots=True)
class Montant:
    """An amount and the sentence that explains it."""

    montant: Decimal
    phrase: str


def round_cents(montant: Decimal) -> Decimal:
    """To the cent, half a cent up."""
    return montant.quantize(CENTIME, ROUND_HALF_UP)


def choose_tarif(
    tarifs: Iterable[TarifConnu], *, fonction: str, mission: str, profession: str, on: date
) -> TarifConnu | None:
    """The most precise rate in force: mission and profession, then profession, then mission, then the function alone.

    A profession weighs more than a mission: what somebody loses depends on their trade, not on what they attend.
    """
    candidats = [tarif for tarif in tarifs if tarif.applies(fonction, mission, profession, on)]
    return max(candidats, key=lambda tarif: (tarif.profession != "", tarif.mission != ""), default=None)


def compute_montant(tarif: TarifConnu, heures: Decimal) -> Montant:
    """What a participation of so many hours is paid at this rate; only an hourly rate needs them."""
    euros = _euros(tarif.montant)
    if tarif.mode is Mode.SEANCE:
        return Montant(round_cents(tarif.montant), f"{euros} la séance")
    if tarif.mode is Mode.FORFAIT:
        return Montant(round_cents(tarif.montant), f"forfait de {euros}")
    check_heures(heures)
    payees = heures if tarif.heures_max is None else min(heures, tarif.heures_max)
    phrase = f"{_heures(payees)} à {euros}"
    if payees < heures:
        phrase += f" ({_heures(heures)} déclarées, {_heures(payees)} au plus par séance)"
    return Montant(round_cents(payees * tarif.montant), phrase)


def compute_employeur(taux: Decimal, heures: Decimal) -> Montant:
    """What the employer is paid back for so many hours of working time."""
    check_heures(heures)
    return Montant(round_cents(heures * taux), f"{_heures(heures)} à {_euros(taux)}, à l’employeur")


def compute_kilometres(taux: Decimal, kilometres: Decimal) -> Montant:
    """A journey at the community's scale, in euros a kilometre."""
    if kilometres <= 0:
        raise SaisieInvalide("Indiquez le nombre de kilomètres, aller et retour.")
    lu = f"{taux.normalize():f}".replace(".", ",")
    return Montant(round_cents(kilometres * taux), f"{_nombre(kilometres)} km à {lu}\u00a0€")


def compute_perte_horaire(revenu_annuel: Decimal, heures_annuelles: Decimal) -> Decimal:
    """Income lost in an hour: the year's income over the hours worked in it."""
    if revenu_annuel <= 0 or heures_annuelles <= 0:
        raise SaisieInvalide("Le revenu et les heures de l’année sont des nombres positifs.")
    if heures_annuelles > 366 * JOUR:
        raise SaisieInvalide("Une année n’a pas autant d’heures\u00a0: vérifiez le nombre d’heures travaillées.")
    return round_cents(revenu_annuel / heures_annuelles)


def check_heures(heures: Decimal) -> None:
    """Refuse what no day holds."""
    if not 0 < heures <= JOUR:
        raise SaisieInvalide(
            "La durée est comprise entre quelques minutes et 24\u00a0heures\u00a0: vérifiez les heures."
        )


def find_uniformes(tarifs: Sequence[TarifConnu]) -> list[TarifConnu]:
    """Hourly indemnités that are the same for every profession: they compensate no real loss, and are contestable."""
    return [t for t in tarifs if t.nature is Nature.INDEMNITE and t.mode is Mode.HEURE and not t.profession]


def build_avertissements(
    *, compte: Compte, montant: Decimal, sans_tarif: bool, meme_jour: int, forfait_du_mois: bool
) -> list[str]:
    """What the one who checks must read about one participation, gravest first. ``compte`` without this amount."""
    dits = []
    if not compte.accepts(montant):
        dits.append(f"{compte.plafond.nom} serait dépassé\u00a0: il reste {_euros(compte.reste)}.")
    elif compte.alerte in (Alerte.PROCHE, Alerte.ATTEINT):
        dits.append(f"{compte.plafond.nom} approche\u00a0: il reste {_euros(compte.reste)}.")
    if sans_tarif:
        dits.append(
            "Aucun tarif ne correspond à cette fonction ce jour-là\u00a0: le bureau doit d’abord en décider un."
        )
    if forfait_du_mois:
        dits.append("Ce forfait est déjà déclaré dans le mois.")
    if meme_jour:
        dits.append(
            "Cette personne a une autre participation le même jour\u00a0: vérifiez qu’elle n’est pas comptée deux fois."
        )
    return dits


def _nombre(valeur: Decimal) -> str:
    return f"{valeur.normalize():f}".replace(".", ",")


def _heures(heures: Decimal) -> str:
    entieres, minutes = divmod(int((heures * 60).to_integral_value(ROUND_HALF_UP)), 60)
    if not entieres:
        return f"{minutes}\u00a0min"
    return f"{entieres}\u00a0h\u00a0{minutes:02d}" if minutes else f"{entieres}\u00a0h"


def _euros(montant: Decimal) -> str:
    entier, cents = f"{round_cents(montant):.2f}".split(".")
    groupes = f"{int(entier):,}".replace(",", "\u202f")
    return f"{groupes}\u00a0€" if cents == "00" else f"{groupes},{cents}\u00a0€"
