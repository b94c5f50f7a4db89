"""A whole entry as plain data: what the steps give and what is recorded in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from ..donnees import DonneesContrat
from ..enums import NatureVersement


@dataclass(frozen=True, slots=True)
class Signataires:
    """Who signed for each party, as the community says."""

    cpts: str = ""
    cpam: str = ""
    ars: str = ""


@dataclass(frozen=True, slots=True)
class VersementSaisi:
    """Money that arrived; negative for a repayment. `poste` is a mission's code, `fonctionnement`, or empty."""

    le: date
    montant: Decimal
    annee: int
    poste: str
    nature: NatureVersement
    libelle: str = ""


@dataclass(frozen=True, slots=True)
class ResultatSaisi:
    """A past value of an indicator. `document` says it (letter, statement), `preuve` shows what was done."""

    cle: str
    annee: int
    valeur: Decimal
    le: date
    source: str
    certifie_par: str = ""
    document: UUID | None = None
    preuve: UUID | None = None


@dataclass(frozen=True, slots=True)
class Saisie:
    """Everything. `cles` names the rows of `contrat.indicateurs`, in order: results point to them.

    `deploiements` gives the day of a deployment by mission code."""

    contrat: DonneesContrat
    cles: Sequence[str] = ()
    signataires: Signataires = field(default_factory=Signataires)
    document: UUID | None = None
    deploiements: Mapping[str, date] = field(default_factory=dict)
    versements: Sequence[VersementSaisi] = ()
    resultats: Sequence[ResultatSaisi] = ()
