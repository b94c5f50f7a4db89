"""Indicators met in real annexes: the definition, evidence and certifier to propose when a contract gives none.

The file is sourced like every parameter; an entry without source, or with a key that nobody knows, is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from itertools import groupby

from maillon.regles.aci import Mission, Sens
from maillon.regles.erreurs import ParametreInvalide
from maillon.regles.lecture import load_yaml
from maillon.regles.parametres import Statut

NATURES = frozenset({"stock_baisse", "taux", "seuil", "livrable", "compte"})
PERIODICITES = frozenset({"mensuelle", "trimestrielle", "semestrielle", "annuelle"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Modele:
    """An indicator as annexes write it. ``statut`` is that of ``definition``; ``reperes`` are the words that a label
    must all hold to be recognised."""

    code: str
    mission: Mission
    libelle: str
    definition: str
    nature: str
    unite: str
    sens: Sens
    certificateur: str
    preuve: str
    periodicite: str
    reperes: tuple[str, ...]
    source: str
    statut: Statut

    def matches(self, libelle: str) -> bool:
        """Whether this label names the indicator: each word begins one of its words."""
        mots = fold(libelle).split()
        return all(any(mot.startswith(repere) for mot in mots) for repere in map(fold, self.reperes))


def fold(texte: str) -> str:
    """Lower case, without accents, ligatures nor punctuation: « L’utérus » and « l'uterus », « cœur » and « COEUR »."""
    sans = texte.lower().replace("œ", "oe").replace("æ", "ae")
    nu = "".join(c for c in unicodedata.normalize("NFKD", sans) if not unicodedata.combining(c)).lower()
    return " ".join("".join(c if c.isalnum() else " " for c in nu).split())


@cache
def load_catalogue() -> tuple[Modele, ...]:
    """Every indicator known, mission by mission in the order of the accord."""
    return read_catalogue((files(__package__) / "indicateurs.yaml").read_text("utf-8"))


def read_catalogue(texte: str) -> tuple[Modele, ...]:
    """The indicators of a YAML text. Raises ``ParametreInvalide`` naming the entry that breaks the format."""
    brut = load_yaml(texte)
    if not isinstance(brut, list) or not all(isinstance(entree, dict) for entree in brut):
        raise ParametreInvalide("Le catalogue des indicateurs est une liste de fiches.")
    modeles = [_read(entree) for entree in brut]
    codes = [modele.code for modele in modeles]
    if len(set(codes)) != len(codes):
        raise ParametreInvalide("Le catalogue des indicateurs répète un code.")
    ordre = list(Mission)
    return tuple(sorted(modeles, key=lambda modele: ordre.index(modele.mission)))


def _read(entree: dict[object, object]) -> Modele:
    nom = f"Fiche « {entree.get('code', '?')} » du catalogue :"
    attendus = {champ.name for champ in fields(Modele)}
    if set(entree) != attendus:
        ecart = ", ".join(sorted(str(cle) for cle in set(entree) ^ attendus))
        raise ParametreInvalide(f"{nom} il manque, ou il y a de trop : {ecart}.")
    reperes = entree["reperes"]
    textes = {cle: str(valeur).strip() for cle, valeur in entree.items() if cle != "reperes"}
    if not isinstance(reperes, list) or not reperes or not all(textes.values()):
        raise ParametreInvalide(f"{nom} un champ est vide.")
    if textes["nature"] not in NATURES or textes["periodicite"] not in PERIODICITES:
        raise ParametreInvalide(f"{nom} nature ou périodicité inconnue.")
    try:
        mission, sens, statut = Mission(textes["mission"]), Sens(textes["sens"]), Statut(textes["statut"])
    except ValueError:
        raise ParametreInvalide(f"{nom} mission, sens ou statut inconnu.") from None
    return Modele(
        code=textes["code"],
        mission=mission,
        libelle=textes["libelle"],
        definition=textes["definition"],
        nature=textes["nature"],
        unite=textes["unite"],
        sens=sens,
        certificateur=textes["certificateur"],
        preuve=textes["preuve"],
        periodicite=textes["periodicite"],
        reperes=tuple(str(repere) for repere in reperes),
        source=textes["source"],
        statut=statut,
    )


def find_modele(libelle: str, *, mission: str = "") -> Modele | None:
    """The indicator that this label names, the most precise one; None when none is recognised."""
    candidats = [m for m in load_catalogue() if mission in ("", m.mission) and m.matches(libelle)]
    return max(candidats, key=lambda m: len(m.reperes), default=None)


def by_mission() -> Sequence[tuple[Mission, tuple[Modele, ...]]]:
    """The catalogue as it is read: one mission after the other."""
    return [(mission, tuple(groupe)) for mission, groupe in groupby(load_catalogue(), key=lambda m: m.mission)]
