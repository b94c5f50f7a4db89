"""Which documents stay in the community, and why."""

from typing import Any

_GARDE = "gardé par la communauté, qui le présente sur place"
NOMINATIVE = f"nomme des personnes : {_GARDE}"
NON_DIT = f"peut nommer des personnes : {_GARDE}"
D_UN_ACTE = f"concerne un seul acte : {_GARDE}"
RETIRE = "retiré par la communauté depuis que ces chiffres sont arrêtés"


def why_kept(preuve: dict[str, Any]) -> str:
    """Why CPAM and ARS are given its hash only; empty when they are given the document."""
    if preuve["nominative"]:
        return NON_DIT if preuve["pour"] == "valeur" else NOMINATIVE
    return D_UN_ACTE if preuve["pour"] == "acte" else ""
