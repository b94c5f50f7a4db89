"""Indicators of a contract: definition, reading of their tiers, and refusal of contradictory definitions.

A tier is a threshold and its euros. A stock pays a tier when the value is at or below the threshold, so the annex
« 219–101 → 3 000 ; 100–51 → 6 000 ; ≤ 50 → 9 000 » is written 219, 100, 50: the first tier pays from the baseline
219 itself. A rate, a threshold or a deliverable going up pays when the value is at or above the threshold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from maillon.regles.aci.formats import format_euros, format_nombre
from maillon.regles.aci.types import ZERO, Mission
from maillon.regles.erreurs import DefinitionContradictoire
from maillon.regles.parametres import Statut

T = TypeVar("T")


class Genre(StrEnum):
    """Kinds of indicator met in real annexes."""

    STOCK = "stock"
    """Tiered stock, lower is better."""
    TAUX = "taux"
    """Tiered rate in per cent: socle, intermédiaire, objectif."""
    SEUIL = "seuil"
    """Count against one or several thresholds, up or down."""
    LIVRABLE = "livrable"
    """Deliverable, all or nothing."""


class Sens(StrEnum):
    """Direction in which an indicator improves."""

    BAISSE = "baisse"
    HAUSSE = "hausse"


@dataclass(frozen=True, slots=True)
class Palier:
    """Threshold, in the indicator's unit, and the euros paid when it is the best one reached."""

    seuil: Decimal
    montant: Decimal
    libelle: str = ""


@dataclass(frozen=True, slots=True)
class Indicateur:
    """Indicator of a contract year.

    ``initial`` is the baseline, ``variation`` the change asked for, ``cible`` the target: given together they must
    agree. ``sens`` is needed for a threshold without baseline only. ``unite`` is a singular (« patient en ALD »).
    """

    code: str
    libelle: str
    mission: Mission
    genre: Genre
    paliers: tuple[Palier, ...]
    unite: str = ""
    unite_pluriel: str = ""
    initial: Decimal | None = None
    variation: Decimal | None = None
    cible: Decimal | None = None
    sens: Sens | None = None
    certificateur: str = ""
    source: str = "annexe du contrat"
    statut: Statut = Statut.VERIFIE

    @property
    def direction(self) -> Sens:
        """Sens given, or that of the kind; a threshold below its baseline goes down."""
        if self.genre is Genre.STOCK:
            return Sens.BAISSE
        if self.sens is not None:
            return self.sens
        if self.genre is Genre.SEUIL and self.initial is not None and self.paliers[0].seuil < self.initial:
            return Sens.BAISSE
        return Sens.HAUSSE

    @property
    def maximum(self) -> Decimal:
        """Euros of the highest tier."""
        return max((p.montant for p in self.paliers), default=ZERO)

    def paliers_by_difficulty(self) -> tuple[Palier, ...]:
        """Tiers from the easiest to the hardest."""
        return tuple(sorted(self.paliers, key=lambda p: p.seuil, reverse=self.direction is Sens.BAISSE))

    def reaches(self, valeur: Decimal, palier: Palier) -> bool:
        """Whether ``valeur`` reaches ``palier``."""
        return valeur <= palier.seuil if self.direction is Sens.BAISSE else valeur >= palier.seuil

    def find_palier(self, valeur: Decimal | None) -> Palier | None:
        """Hardest tier reached by ``valeur``: the only one that pays. ``None`` for none, or no value."""
        if valeur is None:
            return None
        return next((p for p in reversed(self.paliers_by_difficulty()) if self.reaches(valeur, p)), None)

    def format_unite(self, nombre: Decimal) -> str:
        """Unit agreed with ``nombre`` (« patients en ALD »); French plurals begin at 2."""
        unite = self.unite or ("point" if self.genre is Genre.TAUX else "unité")
        if abs(nombre) < 2:
            return unite
        premier, espace, reste = unite.partition(" ")
        accord = "" if premier[-1] in "sxz" else "s"
        return self.unite_pluriel or f"{premier}{accord}{espace}{reste}"


def validate_indicateur(indicateur: Indicateur) -> tuple[str, ...]:
    """Contradictions of one definition, each a French sentence with the numbers that disagree; empty when sound."""
    nom = f"Indicateur « {indicateur.code} » :"
    if not indicateur.paliers:
        return (f"{nom} il n’a aucun palier.",)
    nombres = [n for p in indicateur.paliers for n in (p.seuil, p.montant)]
    nombres += [n for n in (indicateur.initial, indicateur.variation, indicateur.cible) if n is not None]
    # A comparison with NaN raises: nothing else can be checked before this.
    if not all(n.is_finite() for n in nombres):
        return (f"{nom} un de ses nombres n’en est pas un.",)
    return tuple(
        f"{nom} {probleme}"
        for controle in (_check_nombres, _check_cible, _check_paliers, _check_genre)
        for probleme in controle(indicateur)
    )


def validate_indicateurs(
    indicateurs: Iterable[Indicateur], *, enveloppes: Mapping[Mission, Decimal] | None = None
) -> tuple[str, ...]:
    """Contradictions of all definitions; ``enveloppes`` are the variable euros that each mission's must sum to."""
    liste = tuple(indicateurs)
    problemes = [probleme for indicateur in liste for probleme in validate_indicateur(indicateur)]
    codes = [indicateur.code for indicateur in liste]
    problemes += [f"Indicateur « {code} » : il est défini deux fois." for code in _repeated(codes)]
    for mission, enveloppe in (enveloppes or {}).items():
        somme = sum((i.maximum for i in liste if i.mission is mission), ZERO)
        if somme != enveloppe:
            problemes.append(
                f"Mission « {mission} » : ses indicateurs totalisent {format_euros(somme)} "
                f"pour une enveloppe variable de {format_euros(enveloppe)}."
            )
    return tuple(problemes)


def check_indicateurs(
    indicateurs: Iterable[Indicateur], *, enveloppes: Mapping[Mission, Decimal] | None = None
) -> None:
    """Raise ``DefinitionContradictoire`` with every contradiction of ``validate_indicateurs``."""
    if problemes := validate_indicateurs(indicateurs, enveloppes=enveloppes):
        raise DefinitionContradictoire(problemes)


def _check_nombres(indicateur: Indicateur) -> Iterator[str]:
    for palier in indicateur.paliers:
        if palier.montant < 0:
            yield f"le montant {format_euros(palier.montant)} est négatif."
        if palier.montant != round(palier.montant, 2):
            yield f"le montant {format_nombre(palier.montant)} € va au-delà du centime."
    valeurs = [("le seuil", p.seuil) for p in indicateur.paliers]
    valeurs += [
        (nom, valeur)
        for nom, valeur in (("la valeur initiale", indicateur.initial), ("la cible", indicateur.cible))
        if valeur is not None
    ]
    for nom, valeur in valeurs:
        if valeur < 0:
            yield f"{nom} {format_nombre(valeur)} est sous zéro."
        if indicateur.genre is Genre.TAUX and valeur > 100:
            yield f"{nom} {format_nombre(valeur)} % dépasse 100 %."


def _check_cible(indicateur: Indicateur) -> Iterator[str]:
    initial, variation, cible = indicateur.initial, indicateur.variation, indicateur.cible
    dernier = indicateur.paliers_by_difficulty()[-1].seuil
    if initial is not None and variation is not None:
        annoncee, nom = (cible, "la cible") if cible is not None else (dernier, "le dernier palier")
        if initial + variation != annoncee:
            yield (
                f"la valeur initiale {format_nombre(initial)} et la variation {format_nombre(variation, signe=True)} "
                f"donnent {format_nombre(initial + variation)}, mais {nom} est {format_nombre(annoncee)}."
            )
    if cible is not None and cible != dernier:
        yield f"la cible est {format_nombre(cible)}, mais le dernier palier est {format_nombre(dernier)}."


def _check_paliers(indicateur: Indicateur) -> Iterator[str]:
    for seuil in _repeated(p.seuil for p in indicateur.paliers):
        yield f"le seuil {format_nombre(seuil)} apparaît deux fois."
    paliers = indicateur.paliers_by_difficulty()
    for facile, difficile in pairwise(paliers):
        if difficile.seuil != facile.seuil and difficile.montant <= facile.montant:
            yield (
                f"le palier {format_nombre(difficile.seuil)} paie {format_euros(difficile.montant)}, "
                f"pas plus que le palier plus facile {format_nombre(facile.seuil)} "
                f"qui paie {format_euros(facile.montant)}."
            )
    initial = indicateur.initial
    if initial is None or indicateur.direction is Sens.HAUSSE:
        return
    # A tier at the baseline itself is met in real annexes (« 219–101 »); one above it would pay for getting worse.
    for palier in paliers:
        if initial < palier.seuil:
            yield (
                f"le palier {format_nombre(palier.seuil)} est déjà dépassé par la valeur initiale "
                f"{format_nombre(initial)} : il paierait même une dégradation."
            )


def _check_genre(indicateur: Indicateur) -> Iterator[str]:
    if indicateur.genre is Genre.LIVRABLE and len(indicateur.paliers) > 1:
        yield f"un livrable est tout ou rien, or il a {len(indicateur.paliers)} paliers."
    if indicateur.genre is Genre.LIVRABLE and indicateur.paliers[0].seuil == 0:
        yield "un livrable demande au moins une réalisation, or son seuil est 0."
    if indicateur.genre is Genre.LIVRABLE and indicateur.sens is Sens.BAISSE:
        yield "un livrable ne peut pas aller à la baisse."
    if indicateur.genre is Genre.STOCK and indicateur.sens is Sens.HAUSSE:
        yield "un stock s’améliore à la baisse, or son sens est « hausse »."


def _repeated(valeurs: Iterable[T]) -> list[T]:
    vues: list[T] = []
    doubles: list[T] = []
    for valeur in valeurs:
        if valeur in vues and valeur not in doubles:
            doubles.append(valeur)
        vues.append(valeur)
    return doubles
