"""The terms of a contract on a day: those signed first, then those of each avenant. Pure: no query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles import aci
from maillon.socle.partage import shared

from .enums import StatutMission
from .models import Avenant, AvenantMission, Contrat, MissionContrat

PorteTermes = Contrat | Avenant
PorteMontants = MissionContrat | AvenantMission


@dataclass(frozen=True, slots=True)
class TermesMission:
    """A mission under some terms: the row of its life, and the row that holds its amounts then."""

    mission: MissionContrat
    montants: PorteMontants

    @property
    def code(self) -> str:
        return self.mission.mission

    @property
    def enveloppe(self) -> Decimal | None:
        return self.montants.enveloppe


@dataclass(frozen=True, slots=True)
class TermesContrat:
    """The terms from `depuis` on: who bears them, and the missions of the contract then."""

    depuis: date
    porteur: PorteTermes
    missions: tuple[TermesMission, ...]

    @property
    def numero(self) -> int:
        """Number of the avenant, 0 for the contract itself."""
        return self.porteur.numero if isinstance(self.porteur, Avenant) else 0

    @property
    def objet(self) -> str:
        return self.porteur.objet if isinstance(self.porteur, Avenant) else "contrat signé"

    def find_mission(self, code: str) -> TermesMission | None:
        return next((m for m in self.missions if m.code == code), None)


def is_at(mission: MissionContrat, jour: date) -> bool:
    """Whether a mission is at the contract on a day."""
    return (mission.depuis is None or mission.depuis <= jour) and (mission.jusqu_a is None or jour < mission.jusqu_a)


@shared
def read_rows(contrat: Contrat) -> tuple[list[MissionContrat], list[Avenant]]:
    """The missions of a contract, and its avenants with theirs: what `list_termes` reads. Three queries."""
    return list(contrat.missions.all()), list(contrat.avenants.prefetch_related("missions"))


def list_termes(
    contrat: Contrat, missions: Sequence[MissionContrat], avenants: Iterable[Avenant] = ()
) -> tuple[TermesContrat, ...]:
    """The successive terms, the first included. `avenants` come with their missions."""
    ordre = sorted(missions, key=lambda m: list(aci.Mission).index(aci.Mission(m.mission)))
    premiers = tuple(TermesMission(m, m) for m in ordre if is_at(m, contrat.signe_le))
    suite = [TermesContrat(contrat.signe_le, contrat, premiers)]
    for avenant in sorted(avenants, key=lambda a: a.effet_le):
        montants = {m.mission: m for m in avenant.missions.all()}
        siennes = tuple(TermesMission(m, montants[m.mission]) for m in ordre if m.mission in montants)
        suite.append(TermesContrat(avenant.effet_le, avenant, siennes))
    return tuple(suite)


def find_termes(termes: Sequence[TermesContrat], jour: date) -> TermesContrat:
    """The terms in force on a day; the first ones before the signature."""
    return next((t for t in reversed(termes) if t.depuis <= jour), termes[0])


def build_montants(
    missions: Iterable[TermesMission], *, fonctionnement: Decimal | None, source: str
) -> aci.MontantsContrat | None:
    """The contract's own amounts; None when the scale gives them all."""
    propres = {}
    for mission in missions:
        m = mission.montants
        parts = (m.fixe, m.variable, m.fixe_suivantes, m.activation)
        if any(part is not None for part in parts):
            propres[aci.Mission(mission.code)] = aci.MontantsMission(*parts)
    if fonctionnement is None and not propres:
        return None
    return aci.MontantsContrat(source=source, fonctionnement=fonctionnement, missions=propres)


def build_regle(termes: TermesContrat, *, started: bool = False) -> aci.Termes:
    """Terms as the rules take them; with `started`, only the missions that have begun, from their start."""
    porteur = termes.porteur
    retenues = [m for m in termes.missions if not started or m.mission.statut != StatutMission.PREVUE]
    return aci.Termes(
        depuis=termes.depuis,
        population=porteur.population,
        taille=None if porteur.population is not None else porteur.taille,
        missions=tuple(aci.Mission(m.code) for m in retenues),
        demarrages={aci.Mission(m.code): m.mission.debut for m in retenues if started and m.mission.debut is not None},
        montants=build_montants(termes.missions, fonctionnement=porteur.fonctionnement, source=porteur.source),
        on=porteur.bareme_le,
    )


def build_regles(termes: Sequence[TermesContrat], *, started: bool = False) -> tuple[aci.Termes, ...]:
    return tuple(build_regle(t, started=started) for t in termes)


def list_missions_of_annee(missions: Iterable[MissionContrat], debut: date, fin: date) -> list[MissionContrat]:
    """The missions at the contract on some day of a year, in the order of the accord."""
    siennes = [m for m in missions if (m.depuis is None or m.depuis < fin) and (m.jusqu_a is None or m.jusqu_a > debut)]
    return sorted(siennes, key=lambda m: list(aci.Mission).index(aci.Mission(m.mission)))
