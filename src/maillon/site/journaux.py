"""What logs keep: never the token of a signed link, which opens a door to whoever reads it."""

from __future__ import annotations

import logging
import re

from maillon.socle.base_absente import is_base_absente

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
# A long segment of an address that is not an object's identifier is a token.
_JETON = re.compile(rf"(?<=/)(?!{_UUID}(?:/|$))[\w~.=-]{{20,}}(?=/|$)", re.MULTILINE)


def without_tokens(text: str) -> str:
    """``text`` with the tokens of signed links, in the addresses that it holds, replaced by an ellipsis."""
    return _JETON.sub("…", text)


class SansJetons(logging.Filter):
    """For every handler: Django names the address of each request that it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_tokens(record.getMessage()), ()
        return True


class PanneEnBref(logging.Filter):
    """One line for each error of a database that is away: what happened is the same in all, and no fault of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and is_base_absente(error):
            record.msg, record.args = f"{record.getMessage()} (database away: {type(error).__name__})", ()
            record.exc_info = record.exc_text = None
        return True
