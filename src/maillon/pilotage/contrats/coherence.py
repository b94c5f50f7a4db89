"""The control of definitions, with the numbers: baseline, variation, target, and the sums against the envelopes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles import aci
from maillon.regles.parametres import Statut

from . import regles
from .enums import CodeMission, StatutMission
from .models import Contrat, Indicateur, MissionContrat
from .termes import is_at


@dataclass(frozen=True, slots=True)
class ControleIndicateur:
    """One definition: from its baseline to its target, and what contradicts it."""

    indicateur: Indicateur
    reference: Decimal | None
    cible: Decimal | None
    maximum: Decimal
    problemes: tuple[str, ...]

    @property
    def variation(self) -> Decimal | None:
        """What the contract asks to win or to lose; None without a baseline."""
        if self.reference is None or self.cible is None:
            return None
        return self.cible - self.reference


@dataclass(frozen=True, slots=True)
class ControleMission:
    """The euros of a mission's indicators against its variable envelope."""

    mission: MissionContrat
    libelle: str
    enveloppe: Decimal | None
    somme: Decimal
    indicateurs: tuple[ControleIndicateur, ...]

    @property
    def ecart(self) -> Decimal:
        """Euros that no indicator bears (positive) or that exceed the envelope (negative)."""
        return Decimal(0) if self.enveloppe is None else self.enveloppe - self.somme

    @property
    def is_exigible(self) -> bool:
        """A mission not started may leave its envelope unshared."""
        return self.mission.statut != StatutMission.PREVUE

    @property
    def is_coherente(self) -> bool:
        accorde = not self.ecart or not (self.is_exigible or self.ecart < 0)
        return accorde and not any(controle.problemes for controle in self.indicateurs)


def control_contrat(contrat: Contrat, on: date) -> list[ControleMission]:
    """Every definition in force on a day, checked again from its rows: a year that contradicts itself cannot be
    computed, and must still be shown. Three queries."""
    par_mission: dict[str, list[ControleIndicateur]] = defaultdict(list)
    for indicateur in contrat.indicateurs.prefetch_related("paliers"):
        if not regles.is_in_force(indicateur, on):
            continue
        definition = regles.indicateur_of_row(indicateur, indicateur.paliers.all(), Statut.VERIFIE)
        par_mission[indicateur.mission].append(_control(indicateur, definition))
    return [
        ControleMission(
            mission=mission,
            libelle=mission.get_mission_display(),
            enveloppe=mission.enveloppe,
            somme=sum((controle.maximum for controle in par_mission[mission.mission]), Decimal(0)),
            indicateurs=tuple(par_mission[mission.mission]),
        )
        for mission in sorted(contrat.missions.all(), key=lambda m: CodeMission.values.index(m.mission))
        if is_at(mission, on)
    ]


def _control(indicateur: Indicateur, definition: aci.Indicateur) -> ControleIndicateur:
    problemes = aci.validate_indicateur(definition)
    cible = definition.paliers_by_difficulty()[-1].seuil if definition.paliers else None
    return ControleIndicateur(indicateur, definition.initial, cible, definition.maximum, problemes)


def count_problemes(controles: Iterable[ControleMission]) -> int:
    """Missions whose numbers disagree."""
    return sum(not controle.is_coherente for controle in controles)
