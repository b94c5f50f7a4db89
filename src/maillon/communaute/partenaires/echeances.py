"""When a convention ends, or renews itself. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from maillon.regles.aci.cycle import add_months

from .enums import EtatConvention


@dataclass(frozen=True, slots=True)
class Duree:
    """What a convention says of its time; `fin` is the last day of the first term, None without end.

    `reconduction` is the number of months of each tacit renewal; None when it must be signed again.
    """

    signee_le: date | None
    fin: date | None
    reconduction: int | None
    rappel: int
    resiliee_le: date | None = None


def find_terme(duree: Duree, *, on: date) -> date | None:
    """The last day of the term under way, renewals counted; None without end. A past one for what was not renewed."""
    if duree.fin is None or duree.reconduction is None or duree.fin >= on:
        return duree.fin
    rang = 1
    while (terme := add_months(duree.fin, rang * duree.reconduction)) < on:
        rang += 1
    return terme


def find_etat(duree: Duree, *, on: date) -> EtatConvention:
    """Where the convention stands that day."""
    if duree.resiliee_le is not None and duree.resiliee_le <= on:
        return EtatConvention.RESILIEE
    if duree.signee_le is None or duree.signee_le > on:
        return EtatConvention.A_SIGNER
    terme = find_terme(duree, on=on)
    if terme is None:
        return EtatConvention.EN_VIGUEUR
    if terme < on:
        return EtatConvention.ECHUE
    return EtatConvention.A_RENOUVELER if terme - on <= timedelta(days=duree.rappel) else EtatConvention.EN_VIGUEUR
