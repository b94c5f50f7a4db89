"""Priority of a request for a médecin traitant: a sum of points, each with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Parametre, Statut, load_parametres


class Fait(StrEnum):
    """Facts of a request that count."""

    ALD = "ald"
    PLUS_DE_70 = "plus_de_70"
    NE_PEUT_SE_DEPLACER = "ne_peut_se_deplacer"
    GROSSESSE = "grossesse"
    SORTIE_HOPITAL = "sortie_hopital"
    ISOLEMENT = "isolement"
    C2S = "c2s"
    AME = "ame"
    ATTENTE = "attente"


CONFIDENTIELS = frozenset({Fait.C2S, Fait.AME})
"""Facts that a doctor choosing whether to accept must not see: their coverage is no reason to refuse."""


class Niveau(StrEnum):
    """Level of priority."""

    HAUTE = "haute"
    MOYENNE = "moyenne"
    NORMALE = "normale"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaitsDemande:
    """Facts of one request; ``jours_attente`` is the number of days since it was filed."""

    ald: bool = False
    plus_de_70: bool = False
    ne_peut_se_deplacer: bool = False
    grossesse: bool = False
    sortie_hopital: bool = False
    isolement: bool = False
    c2s: bool = False
    ame: bool = False
    jours_attente: int = 0

    def __post_init__(self) -> None:
        if self.jours_attente < 0:
            raise SaisieInvalide(f"L’attente ne peut pas être de « {self.jours_attente} » jours.")


@dataclass(frozen=True, slots=True)
class LignePriorite:
    """One reason: its points, and a French sentence that can be shown to the desk."""

    fait: Fait
    points: int
    phrase: str
    source: str
    date: date
    statut: Statut

    @property
    def is_confidentielle(self) -> bool:
        return self.fait in CONFIDENTIELS


@dataclass(frozen=True, slots=True)
class Priorite:
    """Score, level, and the reasons, heaviest first.

    The points of confidential reasons can be deduced from the score: a doctor is shown ``niveau`` and
    ``lignes_pour_medecin`` only.
    """

    score: int
    niveau: Niveau
    lignes: tuple[LignePriorite, ...]

    @property
    def lignes_pour_medecin(self) -> tuple[LignePriorite, ...]:
        return tuple(ligne for ligne in self.lignes if not ligne.is_confidentielle)


@dataclass(frozen=True, slots=True)
class PoidsPriorite:
    """Weights of the rule: those of Maillon (``load_poids``), or those that the bureau of a CPTS adopted.

    No weight may be negative: no fact, C2S and AME above all, ever lowers a priority.
    """

    points: Mapping[Fait, int]
    jours_par_point: int
    attente_maximum: int
    seuil_moyenne: int
    seuil_haute: int
    source: str
    depuis: date
    statut: Statut

    def __post_init__(self) -> None:
        for fait in Fait:
            if fait is not Fait.ATTENTE and fait not in self.points:
                raise SaisieInvalide(f"Les points du fait « {fait} » manquent.")
        for fait, points in self.points.items():
            if points < 0:
                raise SaisieInvalide(
                    f"Le fait « {fait} » ne peut pas valoir « {points} » point : aucun fait n’abaisse une priorité."
                )
        if self.jours_par_point < 1 or self.attente_maximum < 0:
            raise SaisieInvalide("L’attente doit compter en jours entiers et ne peut pas abaisser une priorité.")
        if not 0 < self.seuil_moyenne < self.seuil_haute:
            raise SaisieInvalide(
                f"Le niveau haute ({self.seuil_haute} points) doit commencer au-dessus du niveau moyenne "
                f"({self.seuil_moyenne} points), lui-même au-dessus de zéro."
            )


_PHRASES = {
    Fait.ALD: "Affection de longue durée : un suivi régulier est indispensable.",
    Fait.PLUS_DE_70: "Plus de 70 ans.",
    Fait.NE_PEUT_SE_DEPLACER: "Ne peut pas se déplacer : il faut un médecin qui vient à domicile.",
    Fait.GROSSESSE: "Grossesse en cours.",
    Fait.SORTIE_HOPITAL: "Sort de l’hôpital : le relais en ville ne peut pas attendre.",
    Fait.ISOLEMENT: "Personne isolée, sans proche qui puisse chercher pour elle.",
    Fait.C2S: "Bénéficie de la complémentaire santé solidaire (C2S) : renonce plus souvent aux soins.",
    Fait.AME: "Bénéficie de l’aide médicale de l’État (AME) : trouve plus difficilement un médecin.",
}


@cache
def _load_parametres() -> Mapping[str, Parametre]:
    return load_parametres(files(__package__) / "baremes")


def load_poids(*, on: date) -> PoidsPriorite:
    """Maillon's working weights in force at ``on``; ``ParametreAbsent`` before the first."""
    poids, attente, niveaux = (_load_parametres()[nom].at(on) for nom in ("poids", "attente", "niveaux"))
    return PoidsPriorite(
        points={fait: int(poids.get(fait).nombre) for fait in Fait if fait is not Fait.ATTENTE},
        jours_par_point=int(attente.get("jours_par_point").nombre),
        attente_maximum=int(attente.get("maximum").nombre),
        seuil_moyenne=int(niveaux.get("moyenne").nombre),
        seuil_haute=int(niveaux.get("haute").nombre),
        source=poids.reference.texte,
        depuis=poids.depuis,
        statut=poids.get(Fait.ALD).statut,
    )


def compute_priorite(faits: FaitsDemande, *, on: date, poids: PoidsPriorite | None = None) -> Priorite:
    """Priority of a request at ``on``: sum of the points of its facts and of its waiting time.

    ``poids`` are the weights adopted by the CPTS, Maillon's working ones by default.
    """
    regle = poids or load_poids(on=on)
    lignes = [_line(fait, regle.points[fait], _PHRASES[fait], regle) for fait in _PHRASES if getattr(faits, fait)]
    points_attente = min(faits.jours_attente // regle.jours_par_point, regle.attente_maximum)
    if points_attente:
        plafond = " (le maximum)" if points_attente == regle.attente_maximum else ""
        phrase = f"Attend depuis {faits.jours_attente} jour{'s' if faits.jours_attente > 1 else ''}{plafond}."
        lignes.append(_line(Fait.ATTENTE, points_attente, phrase, regle))
    lignes.sort(key=lambda ligne: -ligne.points)
    score = sum(ligne.points for ligne in lignes)
    return Priorite(score, _niveau(score, regle), tuple(lignes))


def force_niveau(priorite: Priorite, niveau: Niveau, *, on: date, poids: PoidsPriorite | None = None) -> Priorite:
    """The same reasons at the level that a person decided: the score moves as little as this level asks.

    The lines still say what the rule counted; only the score and the level are those of the decision.
    """
    regle = poids or load_poids(on=on)
    bornes = {
        Niveau.NORMALE: (0, regle.seuil_moyenne - 1),
        Niveau.MOYENNE: (regle.seuil_moyenne, regle.seuil_haute - 1),
        Niveau.HAUTE: (regle.seuil_haute, max(priorite.score, regle.seuil_haute)),
    }
    bas, haut = bornes[niveau]
    return Priorite(min(max(priorite.score, bas), haut), niveau, priorite.lignes)


def _line(fait: Fait, points: int, phrase: str, regle: PoidsPriorite) -> LignePriorite:
    return LignePriorite(fait, points, phrase, regle.source, regle.depuis, regle.statut)


def _niveau(score: int, regle: PoidsPriorite) -> Niveau:
    if score >= regle.seuil_haute:
        return Niveau.HAUTE
    return Niveau.MOYENNE if score >= regle.seuil_moyenne else Niveau.NORMALE
