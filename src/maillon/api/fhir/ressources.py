"""The resources of a search, as JSON. What does not change from one call to the next is made once and kept."""

from functools import lru_cache
from typing import Any

from .codes import (
    ACT_CODE,
    AUDIENCE_CPTS,
    CATEGORIE_CPTS,
    CATEGORIE_ETABLISSEMENT,
    EXTENSION_SERVICE_TYPE,
    MODALITES,
    PROFIL_HEALTHCARE_SERVICE,
    PROFIL_LOCATION,
    PROFIL_ORGANIZATION,
    PROFIL_PRACTITIONER,
    PROFIL_PRACTITIONER_ROLE,
    PROFIL_SCHEDULE,
    PROFIL_SLOT,
    PROFIL_SLOT_CPTS,
    SPECIALITE,
    SYSTEME_IDNPS,
    SYSTEME_IDNST,
    TYPE_CRENEAU,
    TYPE_RENDEZ_VOUS,
    TYPES_IDENTIFIANT,
    TYPES_IDENTIFIANT_LIEU,
)
from .ecriture import dump
from .faits import Communaute, FormeCreneau, LieuPraticien, Praticien
from .telephone import format_telephone

# Professionals, places and communities of a région.
GARDES = 20_000


def make_coding(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def make_identifiant(system: str, value: str, code: str, types: str = TYPES_IDENTIFIANT) -> dict[str, Any]:
    """A typed identifier."""
    return {"type": make_coding(types, code), "system": system, "value": value}


def make_idnps(rpps: str) -> dict[str, Any]:
    """The national identifier of a professional: 8, then the RPPS number."""
    return make_identifiant(SYSTEME_IDNPS, f"8{rpps}", "IDNPS")


def _telecom(*numbers: str) -> dict[str, Any]:
    value = next((found for number in numbers if (found := format_telephone(number))), "")
    return {"telecom": [{"system": "phone", "value": value}]} if value else {}


@lru_cache(maxsize=1024)
def render_slot_common(forme: FormeCreneau, cpts: bool) -> str:
    """What all slots of one form share, from `meta` to `appointmentType`: text to put inside each of them."""
    audiences = [code for code in forme.audiences if cpts or code != AUDIENCE_CPTS]
    types: list[dict[str, Any]] = [make_coding(ACT_CODE, MODALITES[forme.modalite])]
    if cpts and AUDIENCE_CPTS in forme.audiences:
        types += [
            {
                "extension": [
                    {"url": EXTENSION_SERVICE_TYPE, "valueReference": {"reference": f"HealthcareService/{community}"}}
                ],
                **make_coding(CATEGORIE_ETABLISSEMENT, CATEGORIE_CPTS),
            }
            for community in forme.communautes
        ]
    types.append({"text": forme.profession})
    common: dict[str, Any] = {
        "meta": {
            "profile": [PROFIL_SLOT_CPTS if cpts else PROFIL_SLOT],
            "security": [{"system": TYPE_CRENEAU, "code": code} for code in audiences],
        },
        "serviceType": types,
    }
    if forme.specialites:
        common["specialty"] = [make_coding(SPECIALITE, code) for code in forme.specialites]
    common["appointmentType"] = make_coding(TYPE_RENDEZ_VOUS, "ROUTINE" if forme.reservable else "WALKIN")
    return dump(common)[1:-1]


@lru_cache(maxsize=GARDES)
def render_schedule(lieu_id: str, praticien_id: str) -> str:
    """One agenda: one professional in one place."""
    actors = [{"reference": f"Practitioner/{praticien_id}"}, {"reference": f"PractitionerRole/{lieu_id}"}]
    return dump({"resourceType": "Schedule", "id": lieu_id, "meta": {"profile": [PROFIL_SCHEDULE]}, "actor": actors})


@lru_cache(maxsize=GARDES)
def render_practitioner(praticien: Praticien) -> str:
    """One professional."""
    name = {"family": praticien.nom, "given": [praticien.prenom]}
    return dump(
        {
            "resourceType": "Practitioner",
            "id": praticien.id,
            "meta": {"profile": [PROFIL_PRACTITIONER]},
            "identifier": [make_idnps(praticien.rpps)],
            "name": [{**name, "prefix": [praticien.civilite]} if praticien.civilite else name],
        }
    )


@lru_cache(maxsize=GARDES)
def render_role(lieu: LieuPraticien) -> str:
    """One professional in one place, with the place inside."""
    address = {"line": [lieu.adresse or lieu.libelle], "city": lieu.ville}
    if len(lieu.code_postal) == 5 and lieu.code_postal.isdigit():
        address["postalCode"] = lieu.code_postal
    location = {
        "resourceType": "Location",
        "id": "lieu",
        "meta": {"profile": [PROFIL_LOCATION]},
        "identifier": [make_identifiant("urn:ietf:rfc:3986", f"urn:uuid:{lieu.id}", "INTRN", TYPES_IDENTIFIANT_LIEU)],
        "address": address,
    }
    role: dict[str, Any] = {
        "resourceType": "PractitionerRole",
        "id": lieu.id,
        "meta": {"profile": [PROFIL_PRACTITIONER_ROLE]},
        "contained": [location],
        "practitioner": {"reference": f"Practitioner/{lieu.praticien_id}"},
    }
    if lieu.structure:
        role["organization"] = {"identifier": make_identifiant(SYSTEME_IDNST, lieu.structure, "IDNST")}
    return dump({**role, "location": [{"reference": "#lieu"}], **_telecom(lieu.telephone)})


@lru_cache(maxsize=GARDES)
def render_service(communaute: Communaute) -> str:
    """The service by which a community offers slots."""
    return dump(
        {
            "resourceType": "HealthcareService",
            "id": communaute.id,
            "meta": {"profile": [PROFIL_HEALTHCARE_SERVICE]},
            "providedBy": {"reference": f"Organization/{communaute.id}"},
        }
    )


@lru_cache(maxsize=GARDES)
def render_organization(communaute: Communaute) -> str:
    """A community under its FINESS number."""
    identifier = make_identifiant(SYSTEME_IDNST, f"1{communaute.finess}", "IDNST", TYPES_IDENTIFIANT_LIEU)
    return dump(
        {
            "resourceType": "Organization",
            "id": communaute.id,
            "meta": {"profile": [PROFIL_ORGANIZATION]},
            "identifier": [identifier],
            "name": communaute.nom,
            **_telecom(communaute.telephone),
        }
    )
