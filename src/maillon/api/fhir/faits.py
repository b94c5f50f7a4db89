"""Our facts as the resources of the SAS need them. Frozen and hashable: what is made of one is kept."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Communaute:
    """A community that shows slots. Without a FINESS number it is not known to the SAS."""

    id: str
    nom: str
    fuseau: str
    finess: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Praticien:
    """One professional, with the savoir-faire of the directory."""

    id: str
    rpps: str
    nom: str
    prenom: str
    civilite: str
    profession: str
    savoir_faire: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LieuPraticien:
    """One professional in one place: one agenda. `structure` is the national identifier with its prefix, or empty."""

    id: str
    praticien_id: str
    libelle: str
    adresse: str
    code_postal: str
    ville: str
    telephone: str
    structure: str


@dataclass(frozen=True, slots=True)
class FormeCreneau:
    """What slots of one opening have in common."""

    modalite: str
    audiences: tuple[str, ...]
    reservable: bool
    specialites: tuple[str, ...]
    profession: str
    communautes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GroupeCreneaux:
    """What the free slots of one place and one form share. Told apart by identity: there is one object a group."""

    lieu_id: str
    fuseau: str
    forme: FormeCreneau


class CreneauLibre(NamedTuple):
    """A free slot. Its bounds are moments as the database writes them (ISO, with their offset)."""

    id: str
    debut: str
    fin: str
    groupe: GroupeCreneaux
