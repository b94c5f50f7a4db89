"""Telephone numbers as the SAS reads them: `+33` and nine digits, or the code of an overseas territory."""

import re

# The first digits of a number, written in France, say its territory.
OUTRE_MER = {
    "262": ("262", "263", "269", "692", "693", "639"),
    "590": ("590", "690", "691"),
    "594": ("594", "694"),
    "596": ("596", "696", "697"),
}
_INTERNATIONAL = re.compile(r"(33|262|590|594|596)(\d{9})", re.ASCII)


def format_telephone(text: str) -> str:
    """`+33477123456` for « 04 77 12 34 56 »; empty when it is not a French number of ten digits."""
    international = text.strip().startswith(("+", "00"))
    digits = re.sub(r"\D", "", text.replace("(0)", ""), flags=re.ASCII).removeprefix("00")
    if international:
        found = _INTERNATIONAL.fullmatch(digits)
        return f"+{digits}" if found else ""
    if len(digits) != 10 or not digits.startswith("0"):
        return ""
    number = digits[1:]
    indicatif = next((code for code, debuts in OUTRE_MER.items() if number.startswith(debuts)), "33")
    return f"+{indicatif}{number}"
