"""Strict reading of the values of a contract file, each refusal naming its key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from maillon.regles.erreurs import SaisieInvalide

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


def refuse(nom: str, valeur: object, attendu: str) -> SaisieInvalide:
    ecrit = str(valeur)
    court = ecrit if len(ecrit) <= 40 else f"{ecrit[:40]}…"
    return SaisieInvalide(f"« {nom} » vaut « {court} » : il faut {attendu}.")


def read_mapping(brut: object, nom: str, cles: Iterable[str] | None) -> dict[str, object]:
    if not isinstance(brut, dict):
        raise refuse(nom, brut, "un ensemble de clés et de valeurs")
    contenu = {str(cle): valeur for cle, valeur in brut.items()}
    connues = sorted(cles) if cles is not None else sorted(contenu)
    for cle in contenu:
        if cle not in connues:
            raise SaisieInvalide(
                f"La clé « {cle} » est inconnue dans « {nom} ». Clés possibles : {', '.join(connues)}."
            )
    return contenu


def read_list(contenu: Mapping[str, object], cle: str) -> list[object]:
    valeur = contenu.get(cle, [])
    if not isinstance(valeur, list):
        raise refuse(cle, valeur, "une liste")
    return valeur


def read_optional(contenu: Mapping[str, object], cle: str, read: Callable[[object, str], T]) -> T | None:
    return read(contenu[cle], cle) if cle in contenu else None


def read_text(valeur: object, nom: str) -> str:
    if not isinstance(valeur, str):
        raise refuse(nom, valeur, "un texte")
    return valeur.strip()


def read_boolean(valeur: object, nom: str) -> bool:
    if not isinstance(valeur, bool):
        raise refuse(nom, valeur, "oui ou non (true ou false)")
    return valeur


def read_integer(valeur: object, nom: str) -> int:
    if isinstance(valeur, bool) or not isinstance(valeur, int):
        raise refuse(nom, valeur, "un nombre entier")
    return valeur


def read_decimal(valeur: object, nom: str) -> Decimal:
    if isinstance(valeur, bool) or not isinstance(valeur, int | Decimal):
        raise refuse(nom, valeur, "un nombre")
    return Decimal(valeur)


def read_date(valeur: object, nom: str) -> date:
    if type(valeur) is date:
        return valeur
    if isinstance(valeur, str):
        return parse_date(valeur, nom)
    raise refuse(nom, valeur, "une date AAAA-MM-JJ")


def parse_date(texte: str, nom: str) -> date:
    """Date from AAAA-MM-JJ; ``SaisieInvalide`` naming ``nom`` for another writing or an impossible day."""
    try:
        # fromisoformat also reads 2023-W51-5 and 20231222, which nobody writes by hand.
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", texte):
            raise ValueError
        return date.fromisoformat(texte)
    except ValueError:
        raise refuse(nom, texte, "une date qui existe, écrite AAAA-MM-JJ") from None


def read_choice(enum: type[E], valeur: object, nom: str) -> E:
    try:
        return enum(str(valeur))
    except ValueError:
        raise refuse(nom, valeur, f"un de ces mots ({', '.join(enum)})") from None
