"""Reading the figures of a transmission: plain JSON, as `contrats.releves.build_chiffres` writes it. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .enums import Organisme


def iter_indicateurs(chiffres: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every indicator, with its mission's code and label."""
    for mission in chiffres["missions"]:
        for indicateur in mission["indicateurs"]:
            yield {**indicateur, "mission": mission["code"], "mission_libelle": mission["libelle"]}


def read_valeur(brute: str | None) -> Decimal | None:
    return None if brute is None else Decimal(brute)


def find_proposee(indicateur: Mapping[str, Any]) -> Decimal | None:
    """The value that the community puts forward: the one forecast, which holds what is certified; else the latter."""
    return read_valeur(indicateur["prevu"] if indicateur["prevu"] is not None else indicateur["constate"])


def sum_montants(indicateur: Mapping[str, Any], *noms: str) -> Decimal:
    return sum((Decimal(indicateur["montants"][nom]) for nom in noms), Decimal(0))


def find_enjeu(indicateur: Mapping[str, Any]) -> Decimal:
    """The euros that the community counts on: certified and to be confirmed."""
    return sum_montants(indicateur, "constate", "a_confirmer")


def find_certificateurs(texte: str) -> frozenset[Organisme]:
    """Who must accept before a value is certified, from the words of the contract; both when it names neither."""
    mots = texte.casefold()
    trouves = set()
    if any(nom in mots for nom in ("cpam", "assurance maladie", "caisse primaire", "cnam")):
        trouves.add(Organisme.CPAM)
    if re.search(r"\bars\b|agence régionale", mots):
        trouves.add(Organisme.ARS)
    return frozenset(trouves or Organisme)


@dataclass(frozen=True, slots=True)
class Ecart:
    """A value that changed since the figures were transmitted."""

    indicateur: dict[str, Any]
    avant: Decimal | None
    apres: Decimal | None
    euros_avant: Decimal
    euros_apres: Decimal


def compare(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[Ecart]:
    """What differs between two states of one year, the largest change of euros first."""
    actuels = {indicateur["id"]: indicateur for indicateur in iter_indicateurs(apres)}
    ecarts = []
    for ancien in iter_indicateurs(avant):
        nouveau = actuels.get(ancien["id"])
        if nouveau is None:
            continue
        ecart = Ecart(nouveau, find_proposee(ancien), find_proposee(nouveau), find_enjeu(ancien), find_enjeu(nouveau))
        if (ecart.avant, ecart.euros_avant) != (ecart.apres, ecart.euros_apres):
            ecarts.append(ecart)
    return sorted(ecarts, key=lambda ecart: -abs(ecart.euros_apres - ecart.euros_avant))
