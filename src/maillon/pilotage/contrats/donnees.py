"""A contract as plain data: what `create_contrat` takes from a form, a file or a demonstration."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .enums import GenrePreuve, Nature, SensIndicateur, StatutMission


class Piece(NamedTuple):
    """A document as it is received: its name and its content, checked by `store_fichier`."""

    nom: str
    contenu: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesPalier:
    """`seuil` in the indicator's unit, `montant` in euros."""

    seuil: Decimal
    montant: Decimal
    libelle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesIndicateur:
    """An indicator of the annex. `code_declare` names the figure that Maillon computes, when one feeds it."""

    mission: str
    code: str
    libelle: str
    nature: Nature
    paliers: Sequence[DonneesPalier]
    unite: str = ""
    sens: SensIndicateur | None = None
    reference: Decimal | None = None
    reference_le: date | None = None
    variation: Decimal | None = None
    cible: Decimal | None = None
    code_declare: str = ""
    definition: str = ""
    certificateur: str = "Assurance Maladie"
    preuve_demandee: str = ""
    source: str = "annexe du contrat"


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesMission:
    """A mission of the contract; the amounts given are the contract's own and win over the scale (euros a year)."""

    code: str
    statut: StatutMission = StatutMission.DEMARREE
    debut: date | None = None
    fixe: Decimal | None = None
    fixe_suivantes: Decimal | None = None
    variable: Decimal | None = None
    activation: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesContrat:
    """A contract: give either the population (with its vintage) or the size."""

    signe_le: date
    missions: Sequence[DonneesMission]
    indicateurs: Sequence[DonneesIndicateur] = ()
    population: int | None = None
    millesime: int | None = None
    taille: int | None = None
    bareme_le: date | None = None
    fonctionnement: Decimal | None = None
    plafond_publie: Decimal | None = None
    plafond_source: str = ""
    source: str = "contrat signé"


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesPreuve:
    """What is said of a document. `nominative`: it names people, and is shown outside by its kind and hash alone."""

    libelle: str
    le: date
    genre: GenrePreuve = GenrePreuve.AUTRE
    nominative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DonneesAvenant:
    """An avenant as signed. `missions` is the whole list after it, amounts included; `retires` the codes of the
    indicators that it ends and `indicateurs` those that it brings: a replaced one is in both. A size, population or
    scale left empty stays as it was."""

    numero: int
    signe_le: date
    effet_le: date
    objet: str
    missions: Sequence[DonneesMission]
    indicateurs: Sequence[DonneesIndicateur] = ()
    retires: Sequence[str] = ()
    population: int | None = None
    millesime: int | None = None
    taille: int | None = None
    bareme_le: date | None = None
    fonctionnement: Decimal | None = None
    document: Piece | None = None
