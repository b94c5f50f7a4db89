"""JSON as the platform takes it."""

import json
from typing import Any

# The strings of FHIR hold no other space than the plain one: `[ \r\n\t\S]+`, read by the rules of ECMAScript, where
# a no-break space is no letter.
ESPACES = str.maketrans("\u00a0\u202f", "  ")


def dump(resource: dict[str, Any]) -> str:
    """Compact JSON, with plain spaces."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).translate(ESPACES)
