"""French writing of numbers, euros and dates, for explanations and tables."""

from __future__ import annotations

from decimal import Decimal

_MILLIERS = "\u202f"
_INSECABLE = "\u00a0"
_MOINS = "\u2212"


def format_nombre(valeur: Decimal | int, *, signe: bool = False) -> str:
    """Number with French separators, without useless zeros: ``Decimal("1234.50")`` → « 1 234,5 »."""
    entier, _, decimales = f"{abs(valeur):,f}".partition(".")
    texte = entier.replace(",", _MILLIERS)
    if decimales := decimales.rstrip("0"):
        texte = f"{texte},{decimales}"
    return f"{_sign(valeur, signe)}{texte}"


def format_euros(valeur: Decimal, *, signe: bool = False) -> str:
    """Euros, with cents only when there are some: « 457 500 € », « 1 234,50 € »."""
    entier, _, cents = f"{abs(valeur):,.2f}".partition(".")
    texte = entier.replace(",", _MILLIERS)
    if cents != "00":
        texte = f"{texte},{cents}"
    return f"{_sign(valeur, signe)}{texte}{_INSECABLE}€"


def _sign(valeur: Decimal | int, signe: bool) -> str:
    if valeur < 0:
        return f"{_MOINS}{_INSECABLE}"
    return f"+{_INSECABLE}" if signe else ""
