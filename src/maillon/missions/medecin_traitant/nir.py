"""What looks like a social security number, which nothing here asks for nor keeps. Pure."""

import re

# Thirteen digits (or 2A, 2B) beginning as a NIR does, with or without key and spaces.
NIR = re.compile(r"[1-478]\d{2}(?:0[1-9]|[1-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?", re.IGNORECASE)


def contains_nir(texte: str) -> bool:
    """Whether a text holds what looks like a NIR, however it is spaced."""
    return bool(NIR.search(re.sub(r"[\s.\-]", "", texte)))
