"""Who says whether a resource is FHIR R4: the models of `fhir.resources`, and the JSON schema of HL7 where it is
installed. The first asks for the elements that R4 demands; the second, besides the form of values, for the codes that
R4 binds."""

import json
import subprocess
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from api.presents import NODE, VALIDEUR


def find_faults(resource: dict[str, Any]) -> dict[str, list[str]]:
    """What each judge finds wrong, by judge; an empty list when nothing is."""
    found = {"fhir.resources": _ask_models(resource)}
    if NODE:
        found["schéma JSON"] = _ask_schema(resource)
    return found


def assert_r4(*resources: dict[str, Any]) -> None:
    """Every judge of this machine accepts these resources."""
    for resource in resources:
        faults = find_faults(resource)
        assert not any(faults.values()), (resource.get("resourceType"), faults)


def _ask_models(resource: dict[str, Any]) -> list[str]:
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except (ValidationError, ValueError, KeyError) as error:
        return [str(error)]
    return []


def _ask_schema(resource: dict[str, Any]) -> list[str]:
    if resource.get("fhirVersion") == "4.0.1":  # a technical correction of R4 that this schema precedes
        resource = {**resource, "fhirVersion": "4.0.0"}
    done = subprocess.run(
        [NODE, "valider.js"], cwd=VALIDEUR, input=json.dumps(resource), capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))
