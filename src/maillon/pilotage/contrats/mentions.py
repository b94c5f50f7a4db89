"""What upper apps say of a contract year on its pages: that it is sealed, under which hash, what changed since.

They also say what comes after the year is read: `SUITES_ANNEE`.

An app offers `MENTIONS_ANNEE = (find,)` in its declarations, and `MENTIONS_RELEVE` for CPAM and ARS; `find(annee)` and
`find(releve)` give a mention or None.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.permissions import Permission

from .annee import AnneeContrat
from .models import Releve


class Ecart(Protocol):
    """A difference: of which indicator (empty: the contract), and in which words."""

    @property
    def indicateur(self) -> str: ...

    @property
    def libelle(self) -> str: ...

    @property
    def phrase(self) -> str: ...


@dataclass(frozen=True, slots=True)
class MentionAnnee:
    """A sealed year. `chiffres` are the figures sealed (see `releves.build_chiffres`), `ecarts` what changed since."""

    annee: int
    le: datetime
    definitif: bool
    empreinte: str
    url: str
    url_liste: str
    chiffres: dict[str, Any]
    ecarts: tuple[Ecart, ...]

    def list_ecarts(self, indicateur_id: object) -> list[Ecart]:
        """The differences of one indicator."""
        return [ecart for ecart in self.ecarts if ecart.indicateur == str(indicateur_id)]

    def find_indicateur(self, indicateur_id: object) -> dict[str, Any] | None:
        """The figures sealed of one indicator."""
        indicateurs = (i for mission in self.chiffres["missions"] for i in mission["indicateurs"])
        return next((i for i in indicateurs if i["id"] == str(indicateur_id)), None)


@dataclass(frozen=True, slots=True)
class SuiteAnnee:
    """What comes after reading the year: seal it, prepare its pack, meet. `url_name` takes the slug."""

    libelle: str
    texte: str
    url_name: str
    icone: str
    permission: Permission
    rang: int


def list_suites(acteur: Acteur) -> list[SuiteAnnee]:
    """What this person may do next, in order."""
    suites: list[SuiteAnnee] = [suite for suite in collect("suites_annee") if acteur.can(suite.permission)]
    return sorted(suites, key=lambda suite: suite.rang)


def find_mention(annee: AnneeContrat) -> MentionAnnee | None:
    """What is said of this year, by the first app that has something to say."""
    return next((mention for find in collect("mentions_annee") if (mention := find(annee)) is not None), None)


def find_mention_publiee(releve: Releve) -> MentionAnnee | None:
    """What CPAM and ARS are told of the last sealed year of a contract."""
    return next((mention for find in collect("mentions_releve") if (mention := find(releve)) is not None), None)
