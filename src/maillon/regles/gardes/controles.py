"""Values that no fact of a roster may have: refused with a French sentence."""

from __future__ import annotations

from datetime import datetime

from maillon.regles.erreurs import SaisieInvalide

ENTIER_MAX = 1_000_000


def check_cle(texte: str, sujet: str) -> None:
    if not texte.strip():
        raise SaisieInvalide(f"{sujet} est vide.")


def check_entier(nombre: int, sujet: str, *, minimum: int = 0, maximum: int = ENTIER_MAX) -> None:
    if not minimum <= nombre <= maximum:
        raise SaisieInvalide(f"{sujet} est un nombre entier de {minimum} à {maximum}, pas {nombre}.")


def check_fuseau(instant: datetime | None, sujet: str) -> None:
    if instant is not None and instant.utcoffset() is None:
        raise SaisieInvalide(f"{sujet} a une heure sans fuseau.")


def check_intervalle(debut: datetime, fin: datetime, sujet: str) -> None:
    check_fuseau(debut, sujet)
    check_fuseau(fin, sujet)
    if fin.timestamp() <= debut.timestamp():
        raise SaisieInvalide(f"{sujet} finit avant d’avoir commencé.")
