"""A regulator's account as the SAS sends it (profile FrPractitionerRegul), read with all that may be wrong in it."""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .codes import SYSTEME_IDNPS, SYSTEME_SAS
from .refus import RequeteRefusee

NOM_MAX = 80
COURRIEL_MAX = 254
_NATIONAL = re.compile(r"[0-9A-Za-z/.\-]{1,64}", re.ASCII)
_RPPS = re.compile(r"8(\d{11})", re.ASCII)
_COURRIEL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"().]+")


@dataclass(frozen=True, slots=True)
class Identifiants:
    """One of the two, or both."""

    national: str = ""
    sas: str = ""

    @property
    def rpps(self) -> str:
        """The RPPS number within a national identifier; empty for another kind."""
        found = _RPPS.fullmatch(self.national)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class FicheRegulateur:
    """What the SAS says of a regulator."""

    identifiants: Identifiants
    actif: bool
    nom: str
    prenom: str
    courriel: str


def parse_regulateur(body: bytes) -> FicheRegulateur:
    """The regulator of this Practitioner; raises RequeteRefusee naming the first element that is missing or wrong."""
    try:
        resource = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RequeteRefusee("Le corps de la requête n’est pas du JSON.", code="structure") from error
    if not isinstance(resource, dict) or resource.get("resourceType") != "Practitioner":
        raise RequeteRefusee("Une ressource Practitioner est attendue.", code="structure")
    if not isinstance(resource.get("active"), bool):
        raise _missing("active")
    nom, prenom = _read_name(resource)
    return FicheRegulateur(_read_identifiants(resource), resource["active"], nom, prenom, _read_courriel(resource))


def parse_identifiant(token: str) -> Identifiants:
    """The identifier by which a conditional update names a regulator: `system|value`."""
    system, bar, value = token.partition("|")
    if not bar:
        raise RequeteRefusee("Donnez identifier=<système>|<valeur>.", code="required")
    found = _read_identifiant(system.strip(), value.strip())
    if found is None:
        raise RequeteRefusee("Le système de cet identifiant n’est pas pris en charge.", code="value")
    return found


def _missing(element: str) -> RequeteRefusee:
    return RequeteRefusee(f"L’élément {element} manque ou n’est pas valable.", code="required")


def _objects(resource: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a repeated element; what is not one counts as missing."""
    values = resource.get(name)
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _text(value: Any, limit: int) -> str:
    clean = " ".join(value.split()) if isinstance(value, str) else ""
    return clean if clean.isprintable() and len(clean) <= limit else ""


def _read_identifiants(resource: dict[str, Any]) -> Identifiants:
    national = sas = ""
    for identifier in _objects(resource, "identifier"):
        found = _read_identifiant(_text(identifier.get("system"), 200), _text(identifier.get("value"), 200))
        if found is not None:
            national, sas = found.national or national, found.sas or sas
    if not national and not sas:
        raise _missing("identifier")
    return Identifiants(national, sas)


def _read_identifiant(system: str, value: str) -> Identifiants | None:
    """None for a system that is not ours to read; raises on a value that cannot be one."""
    if system == SYSTEME_IDNPS:
        if not _NATIONAL.fullmatch(value):
            raise _missing("identifier.value")
        return Identifiants(national=value)
    if system != SYSTEME_SAS:
        return None
    try:
        return Identifiants(sas=str(UUID(value)))
    except ValueError as error:
        raise _missing("identifier.value (un UUID)") from error


def _read_name(resource: dict[str, Any]) -> tuple[str, str]:
    for name in _objects(resource, "name"):
        given = name.get("given")
        nom = _text(name.get("family"), NOM_MAX)
        prenom = _text(given[0], NOM_MAX) if isinstance(given, list) and given else ""
        if nom and prenom:
            return nom, prenom
    raise _missing("name (family et given)")


def _read_courriel(resource: dict[str, Any]) -> str:
    for telecom in _objects(resource, "telecom"):
        value = _text(telecom.get("value"), COURRIEL_MAX)
        if telecom.get("system") == "email" and _COURRIEL.fullmatch(value):
            return value.lower()
    raise _missing("telecom (email)")
