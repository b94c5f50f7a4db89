"""Finding the declarations of every app."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps

from .indicateurs import IndicateurDeclare
from .soins import GenreSollicitation


@cache
def _modules() -> tuple[Any, ...]:
    names = [f"{config.name}.declarations" for config in apps.get_app_configs() if config.name.startswith("maillon.")]
    return tuple(import_module(name) for name in names if find_spec(name))


def collect(kind: str) -> Iterator[Any]:
    """Every declaration of a kind: `collect("menu")` walks the `MENU` tuples of all apps."""
    for module in _modules():
        yield from getattr(module, kind.upper(), ())


@cache
def get_indicateur_declare(code: str) -> IndicateurDeclare:
    """The declared indicator of this code; KeyError when no app declares it."""
    for declared in collect("indicateurs"):
        if declared.code == code:
            return declared
    raise KeyError(code)


@cache
def get_genre_sollicitation(code: str) -> GenreSollicitation:
    """The declared kind of solicitation of this code; KeyError when no app declares it."""
    for declared in collect("sollicitations"):
        if declared.code == code:
            return declared
    raise KeyError(code)
