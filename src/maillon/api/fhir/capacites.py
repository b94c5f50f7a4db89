"""What this service can do, for whoever asks before calling."""

from .codes import PROFIL_REGULATEUR, PROFIL_SLOT, PROFIL_SLOT_CPTS
from .ecriture import dump
from .recherche import IDENTIFIANT

VERSION_FHIR = "4.0.1"
PUBLIEE = "2026-11-22"


def render_capacites(base: str) -> str:
    """The CapabilityStatement."""
    slot = {
        "type": "Slot",
        "supportedProfile": [PROFIL_SLOT, PROFIL_SLOT_CPTS],
        "interaction": [{"code": "search-type"}],
        "searchInclude": ["Slot:schedule", "Schedule:actor", "Slot:service-type-reference"],
        "searchParam": [
            {"name": "start", "type": "date", "documentation": "start=ge… et start=le…, 72 heures au plus"},
            {"name": "status", "type": "token", "documentation": "free"},
            {"name": IDENTIFIANT, "type": "token", "documentation": "1 à 25 identifiants"},
        ],
    }
    practitioner = {
        "type": "Practitioner",
        "supportedProfile": [PROFIL_REGULATEUR],
        "interaction": [{"code": "create"}, {"code": "update"}],
        "conditionalUpdate": True,
        "searchParam": [{"name": "identifier", "type": "token"}],
    }
    return dump(
        {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": PUBLIEE,
            "kind": "instance",
            "software": {"name": "Maillon"},
            "implementation": {"description": "Créneaux de soins non programmés des CPTS", "url": base},
            "fhirVersion": VERSION_FHIR,
            "format": ["json", "application/fhir+json"],
            "rest": [
                {
                    "mode": "server",
                    "security": {"description": "TLS mutuel : certificat de l’IGC-Santé, CN et OU autorisés"},
                    "resource": [slot, practitioner],
                }
            ],
        }
    )
