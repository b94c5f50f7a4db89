"""The dated, sourced delays of this rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from maillon.regles.parametres import Parametre, load_parametres


@cache
def load_baremes() -> Mapping[str, Parametre]:
    return load_parametres(files(__package__) / "baremes")
