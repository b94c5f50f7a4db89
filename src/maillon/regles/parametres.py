"""Dated, sourced parameters in YAML: every figure says since when, from which text, and how surely.

One file a parameter, named after it::

    description: Financement du fonctionnement
    unit: EUR/an
    values:     {2022-03-31: {taille_1: 50000, taille_2: 60000}}
    references: {2022-03-31: {title: "ACI CPTS, avenant 2", statut: verifie, source: "…"}}

``statut`` is one word for all values of a date, or a tree that follows them, down to where it branches.
A new text is a new date in a file: no code changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from importlib.resources.abc import Traversable
from types import MappingProxyType

from maillon.regles.erreurs import ErreurRegle, ParametreAbsent, ParametreInvalide
from maillon.regles.lecture import load_yaml

Chemin = tuple[str, ...]
Feuille = Decimal | str

_CLES = {"description", "unit", "values", "references"}
_CLES_REFERENCE = {"title", "source", "statut", "note"}


class Statut(StrEnum):
    """How surely a figure is known."""

    VERIFIE = "verifie"
    """Read in a published source, or in the signed contract."""
    ARITHMETIQUE = "arithmetique"
    """Deduced by arithmetic that closes on a published total."""
    MEMOIRE = "memoire"
    """Recalled and unverified: shown with « à confirmer »."""

    @property
    def a_confirmer(self) -> bool:
        return self is Statut.MEMOIRE

    @property
    def libelle(self) -> str:
        return _LIBELLES[self]

    @staticmethod
    def weakest(statuts: Iterable[Statut]) -> Statut:
        """Statut of a total: that of its weakest part; an empty total is ``VERIFIE``."""
        return max(statuts, key=_FORCE.__getitem__, default=Statut.VERIFIE)


_FORCE = {Statut.VERIFIE: 0, Statut.ARITHMETIQUE: 1, Statut.MEMOIRE: 2}
_LIBELLES = {
    Statut.VERIFIE: "lu dans une source publiée",
    Statut.ARITHMETIQUE: "déduit d’un total publié",
    Statut.MEMOIRE: "à confirmer",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """Text that a value comes from."""

    titre: str
    source: str
    note: str = ""

    @property
    def texte(self) -> str:
        return f"{self.titre} ({self.source})"


@dataclass(frozen=True, slots=True)
class Valeur:
    """One number of a parameter with everything that explains it."""

    nombre: Decimal
    unite: str
    statut: Statut
    depuis: date
    reference: Reference


@dataclass(frozen=True, slots=True)
class Version:
    """Values of a parameter from one date on."""

    nom: str
    unite: str
    depuis: date
    reference: Reference
    feuilles: Mapping[Chemin, Feuille]
    statuts: Mapping[Chemin, Statut]

    def has(self, *chemin: str) -> bool:
        return chemin in self.feuilles

    def get(self, *chemin: str) -> Valeur:
        """Number at ``chemin`` (no step for a parameter that is one number); ``ParametreAbsent`` if there is none."""
        feuille = self.feuilles.get(chemin)
        if not isinstance(feuille, Decimal):
            raise ParametreAbsent(f"« {self.nom} » n’a pas de nombre pour « {'.'.join(chemin) or self.nom} ».")
        return Valeur(feuille, self.unite, self.statuts[chemin], self.depuis, self.reference)

    def text(self, *chemin: str) -> str:
        """Text at ``chemin``; ``ParametreAbsent`` if there is none."""
        feuille = self.feuilles.get(chemin)
        if not isinstance(feuille, str):
            raise ParametreAbsent(f"« {self.nom} » n’a pas de texte pour « {'.'.join(chemin) or self.nom} ».")
        return feuille

    def branches(self) -> tuple[str, ...]:
        """First steps of the paths, in the order of the file."""
        return tuple(dict.fromkeys(chemin[0] for chemin in self.feuilles if chemin))


@dataclass(frozen=True, slots=True)
class Parametre:
    """A parameter and its versions, oldest first."""

    nom: str
    description: str
    unite: str
    versions: tuple[Version, ...]

    def at(self, on: date) -> Version:
        """Latest version not after ``on``; ``ParametreAbsent`` before the first."""
        for version in reversed(self.versions):
            if version.depuis <= on:
                return version
        premiere = self.versions[0].depuis
        raise ParametreAbsent(
            f"« {self.description} » n’a pas de valeur le {on:%d/%m/%Y} : "
            f"la première connue date du {premiere:%d/%m/%Y}."
        )

    def is_known(self, on: date) -> bool:
        """Whether a version is in force at ``on``."""
        return self.versions[0].depuis <= on


def load_parametre(nom: str, texte: str) -> Parametre:
    """Parameter ``nom`` from its YAML text; ``ParametreInvalide`` with a French sentence when the format is broken."""
    try:
        brut = load_yaml(texte)
    except ErreurRegle as erreur:
        raise ParametreInvalide(f"Paramètre « {nom} » : {erreur}") from erreur
    if not isinstance(brut, dict):
        raise _refus(nom, "le fichier doit décrire description, unit, values et references.")
    if inconnues := sorted(str(cle) for cle in brut.keys() - _CLES):
        raise _refus(nom, f"clé inconnue « {inconnues[0]} ».")
    description = _read_text(nom, brut, "description", "la description manque.")
    unite = _read_text(nom, brut, "unit", "l’unité (unit) manque.")
    valeurs = _read_dated(nom, brut.get("values"), "values")
    references = _read_dated(nom, brut.get("references"), "references")
    for jour in valeurs:
        if jour not in references:
            raise _refus(nom, f"la valeur du {jour:%d/%m/%Y} n’a pas de référence.")
    for jour in references:
        if jour not in valeurs:
            raise _refus(nom, f"la référence du {jour:%d/%m/%Y} n’a pas de valeur.")
    versions = tuple(_read_version(nom, unite, jour, valeurs[jour], references[jour]) for jour in sorted(valeurs))
    return Parametre(nom, description, unite, versions)


def load_parametres(dossier: Traversable) -> Mapping[str, Parametre]:
    """All parameters of a folder of YAML files, by file stem; ``ParametreInvalide`` if it holds none."""
    fichiers = sorted((f for f in dossier.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    if not fichiers:
        raise ParametreInvalide(f"Aucun paramètre dans le dossier « {dossier.name} ».")
    noms = {fichier.name.removesuffix(".yaml"): fichier for fichier in fichiers}
    return MappingProxyType({nom: load_parametre(nom, f.read_text(encoding="utf-8")) for nom, f in noms.items()})


def _refus(nom: str, raison: str) -> ParametreInvalide:
    return ParametreInvalide(f"Paramètre « {nom} » : {raison}")


def _read_text(nom: str, brut: Mapping[object, object], cle: str, raison: str) -> str:
    texte = brut.get(cle)
    if not isinstance(texte, str) or not texte.strip():
        raise _refus(nom, raison)
    return texte.strip()


def _read_dated(nom: str, brut: object, cle: str) -> dict[date, object]:
    if not isinstance(brut, dict) or not brut:
        raise _refus(nom, f"« {cle} » doit donner au moins une date d’entrée en vigueur.")
    for jour in brut:
        # A YAML timestamp with an hour is a datetime, which is also a date: it is refused.
        if type(jour) is not date:
            raise _refus(nom, f"« {jour} » n’est pas une date d’entrée en vigueur (attendu : AAAA-MM-JJ).")
    return brut


def _read_version(nom: str, unite: str, jour: date, valeurs: object, reference: object) -> Version:
    if not isinstance(reference, dict):
        raise _refus(nom, f"la référence du {jour:%d/%m/%Y} doit donner title, source et statut.")
    if inconnues := sorted(str(cle) for cle in reference.keys() - _CLES_REFERENCE):
        raise _refus(nom, f"clé inconnue « {inconnues[0]} » dans la référence du {jour:%d/%m/%Y}.")
    titre = _read_text(nom, reference, "title", f"la référence du {jour:%d/%m/%Y} n’a pas de titre (title).")
    source = _read_text(nom, reference, "source", f"la référence du {jour:%d/%m/%Y} n’a pas de source.")
    feuilles: dict[Chemin, Feuille] = {}
    _flatten(nom, valeurs, (), feuilles)
    return Version(
        nom=nom,
        unite=unite,
        depuis=jour,
        reference=Reference(titre, source, str(reference.get("note", "")).strip()),
        feuilles=MappingProxyType(feuilles),
        statuts=MappingProxyType(_read_statuts(nom, jour, reference.get("statut"), feuilles)),
    )


def _flatten(nom: str, arbre: object, chemin: Chemin, feuilles: dict[Chemin, Feuille]) -> None:
    """Fill ``feuilles`` with the leaves of ``arbre`` by path; numbers become ``Decimal``."""
    if isinstance(arbre, dict) and arbre:
        for cle, sous_arbre in arbre.items():
            _flatten(nom, sous_arbre, (*chemin, str(cle)), feuilles)
    elif isinstance(arbre, int | Decimal) and not isinstance(arbre, bool):
        feuilles[chemin] = Decimal(arbre)
    elif isinstance(arbre, str) and arbre.strip():
        feuilles[chemin] = arbre.strip()
    else:
        raise _refus(nom, f"« {'.'.join(chemin) or 'values'} » n’est ni un nombre ni un texte.")


def _read_statuts(nom: str, jour: date, arbre: object, feuilles: Mapping[Chemin, Feuille]) -> dict[Chemin, Statut]:
    """Statut of each leaf: ``arbre`` is one word, or a tree followed until a word is met."""
    if arbre is None:
        raise _refus(nom, f"la référence du {jour:%d/%m/%Y} n’a pas de statut.")
    mots: dict[Chemin, Feuille] = {}
    _flatten(nom, arbre, (), mots)
    statuts: dict[Chemin, Statut] = {}
    utiles: set[Chemin] = set()
    for chemin in feuilles:
        prefixe = next((chemin[:n] for n in range(len(chemin), -1, -1) if chemin[:n] in mots), None)
        if prefixe is None:
            raise _refus(nom, f"la valeur « {'.'.join(chemin)} » du {jour:%d/%m/%Y} n’a pas de statut.")
        try:
            statuts[chemin] = Statut(str(mots[prefixe]))
        except ValueError:
            connus = ", ".join(Statut)
            raise _refus(nom, f"le statut « {mots[prefixe]} » est inconnu (connus : {connus}).") from None
        utiles.add(prefixe)
    if inutiles := sorted(mots.keys() - utiles):
        raise _refus(nom, f"le statut de « {'.'.join(inutiles[0])} » du {jour:%d/%m/%Y} ne porte sur aucune valeur.")
    return statuts
