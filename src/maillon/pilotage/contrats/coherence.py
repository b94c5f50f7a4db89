"""The control of definitions, with the numbers: baseline, variation, target, and the sums against the envelopes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from maillon.regles import aci

from .annee import AnneeContrat
from .enums import StatutMission
from .models import Indicateur, MissionContrat


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


def control_annee(annee: AnneeContrat) -> list[ControleMission]:
    """Every definition of the contract in force in this year, checked again; no query."""
    return [
        ControleMission(
            mission=mission.mission,
            libelle=mission.libelle,
            enveloppe=mission.variable.valeur if mission.variable else None,
            somme=sum((ligne.resultat.indicateur.maximum for ligne in mission.indicateurs), Decimal(0)),
            indicateurs=tuple(_control(ligne.indicateur, ligne.resultat.indicateur) for ligne in mission.indicateurs),
        )
        for mission in annee.missions
    ]


def _control(indicateur: Indicateur, definition: aci.Indicateur) -> ControleIndicateur:
    problemes = aci.validate_indicateur(definition)
    cible = definition.paliers_by_difficulty()[-1].seuil if definition.paliers else None
    return ControleIndicateur(indicateur, definition.initial, cible, definition.maximum, problemes)


def count_problemes(controles: Iterable[ControleMission]) -> int:
    """Missions whose numbers disagree."""
    return sum(not controle.is_coherente for controle in controles)
