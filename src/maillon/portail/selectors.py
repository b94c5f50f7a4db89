"""Home pages pull what every app declares, and keep what this person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from maillon.socle.declarations import Alerte, SourceAlertes, collect
from maillon.socle.droits.acteur import Acteur


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column of the home page: its title, its sentences (most urgent first), and what to say when all is well."""

    cle: str
    titre: str
    icone: str
    alertes: Sequence[Alerte]
    rien: str


COLONNES = (
    ("attend", "Qui attend", "users", "Personne n'attend."),
    ("expire", "Ce qui expire", "clock", "Rien n'arrive à échéance."),
    ("preuve", "Ce qui n'est pas prouvé", "file-alert", "Chaque acte a son justificatif."),
)


def get_alertes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Alerte]:
    """Every sentence that the apps declare for this person, the urgent ones first."""
    sources: list[SourceAlertes] = [
        source for source in collect("alertes") if source.permission is None or acteur.can(source.permission)
    ]
    alertes = [alerte for source in sources for alerte in source.alertes(cpts_id, acteur, now)]
    return sorted(alertes, key=lambda alerte: not alerte.urgente)


def get_colonnes(cpts_id: UUID, acteur: Acteur, now: datetime) -> list[Colonne]:
    """The columns of work of a home page, in order; a column that no declared sentence may fill stays, said empty."""
    alertes = get_alertes(cpts_id, acteur, now)
    return [
        Colonne(cle, titre, icone, [alerte for alerte in alertes if alerte.colonne == cle], rien)
        for cle, titre, icone, rien in COLONNES
    ]
