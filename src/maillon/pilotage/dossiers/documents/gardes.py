"""Which documents stay in the community, and why."""

from typing import Any

NOMINATIVE = "nomme des personnes : gardé par la communauté, qui le présente sur place"
D_UN_ACTE = "concerne un seul acte : gardé par la communauté, qui le présente sur place"


def why_kept(preuve: dict[str, Any]) -> str:
    """Why CPAM and ARS are given its hash only; empty when they are given the document."""
    if preuve["nominative"]:
        return NOMINATIVE
    return D_UN_ACTE if preuve["pour"] == "acte" else ""
