"""The national protocols by which a doctor delegates care: their names, versions and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from maillon.regles.erreurs import ParametreInvalide
from maillon.regles.lecture import load_yaml
from maillon.regles.parametres import Statut


@dataclass(frozen=True, slots=True)
class Protocole:
    """A protocol in the version in force at a date."""

    code: str
    nom: str
    delegues: str
    depuis: date
    titre: str
    source: str
    statut: Statut

    @property
    def a_confirmer(self) -> bool:
        return self.statut.a_confirmer


def list_protocoles(*, on: date) -> tuple[Protocole, ...]:
    """The protocols in force that day, each in its latest version."""
    return tuple(_version(fiche, max(dates)) for fiche in _read() if (dates := _in_force(fiche, on)))


def _in_force(fiche: Mapping[str, Any], on: date) -> list[date]:
    return [jour for jour in fiche["versions"] if jour <= on]


def _version(fiche: Mapping[str, Any], jour: date) -> Protocole:
    version = fiche["versions"][jour]
    return Protocole(
        code=fiche["code"],
        nom=fiche["nom"],
        delegues=fiche["delegues"],
        depuis=jour,
        titre=version["titre"],
        source=version["source"],
        statut=Statut(version["statut"]),
    )


@cache
def _read() -> tuple[Mapping[str, Any], ...]:
    return check_protocoles(files(__package__).joinpath("protocoles.yaml").read_text(encoding="utf-8"))


def check_protocoles(texte: str) -> tuple[Mapping[str, Any], ...]:
    """The sheets of this YAML; ParametreInvalide when one lacks a text, a date or a source, or comes twice."""
    fiches = load_yaml(texte)
    if not isinstance(fiches, list):
        raise ParametreInvalide("protocoles : une liste est attendue.")
    seen: set[str] = set()
    for fiche in fiches:
        code = str(fiche.get("code", ""))
        if not code or code in seen or not fiche.get("nom") or not fiche.get("delegues"):
            raise ParametreInvalide(f"protocoles : « {code} » est sans nom, sans délégué ou écrit deux fois.")
        seen.add(code)
        for jour, version in (fiche.get("versions") or {None: {}}).items():
            if not isinstance(jour, date) or not version.get("titre") or not version.get("source"):
                raise ParametreInvalide(f"protocoles : « {code} » a une version sans date, sans titre ou sans source.")
            if version.get("statut") not in list(Statut):
                raise ParametreInvalide(f"protocoles : « {code} » a une version sans statut.")
    return tuple(fiches)
