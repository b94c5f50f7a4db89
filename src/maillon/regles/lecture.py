"""Strict reading of YAML and JSON: exact decimals, no duplicated key, French refusals."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from decimal import Decimal
from typing import Any

import yaml

from maillon.regles.erreurs import LectureImpossible


class _ChargeurStrict(yaml.SafeLoader):
    """SafeLoader that refuses duplicated keys (PyYAML keeps the last one in silence)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        cles: set[Hashable] = set()
        for cle_node, _ in node.value:
            cle = self.construct_object(cle_node, deep=True)
            if not isinstance(cle, Hashable):
                raise LectureImpossible(f"Ligne {cle_node.start_mark.line + 1} : cette clé n’est pas un texte simple.")
            if cle in cles:
                raise LectureImpossible(f"Ligne {cle_node.start_mark.line + 1} : « {cle} » est écrit deux fois.")
            cles.add(cle)
        return super().construct_mapping(node, deep=deep)


def _construct_decimal(chargeur: _ChargeurStrict, node: yaml.ScalarNode) -> Decimal:
    """A decimal as it is written: a float would turn 69.70 into its binary neighbour."""
    texte = str(chargeur.construct_scalar(node)).replace("_", "")
    return _read_decimal(texte)


_ChargeurStrict.add_constructor("tag:yaml.org,2002:float", _construct_decimal)


def _read_decimal(texte: str) -> Decimal:
    try:
        nombre = Decimal(texte)
    except ArithmeticError:
        raise LectureImpossible(f"« {texte} » n’est pas un nombre décimal.") from None
    if not nombre.is_finite():
        raise LectureImpossible(f"« {texte} » n’est pas un nombre décimal.")
    return nombre


def _unique_keys(paires: list[tuple[str, object]]) -> dict[str, object]:
    resultat: dict[str, object] = {}
    for cle, valeur in paires:
        if cle in resultat:
            raise LectureImpossible(f"« {cle} » est écrit deux fois.")
        resultat[cle] = valeur
    return resultat


def load_yaml(texte: str) -> object:
    """Python value of one YAML document; decimals come as ``Decimal``.

    Raises ``LectureImpossible`` for bad syntax, a duplicated key, an impossible date or number.
    """
    # The loader is a SafeLoader: it builds plain values only.
    return _load(lambda: yaml.load(texte, Loader=_ChargeurStrict))  # noqa: S506


def load_json(texte: str) -> object:
    """Python value of one JSON document; decimals come as ``Decimal``. Errors as in ``load_yaml``."""
    return _load(
        lambda: json.loads(
            texte, parse_float=_read_decimal, parse_constant=_read_decimal, object_pairs_hook=_unique_keys
        )
    )


def _load(charge: Callable[[], object]) -> object:
    try:
        return charge()
    except LectureImpossible:
        raise
    except yaml.MarkedYAMLError as erreur:
        ligne = erreur.problem_mark.line + 1 if erreur.problem_mark else 1
        raise LectureImpossible(f"La ligne {ligne} n’est pas du YAML correct.") from erreur
    except json.JSONDecodeError as erreur:
        raise LectureImpossible(f"La ligne {erreur.lineno} n’est pas du JSON correct.") from erreur
    except yaml.YAMLError as erreur:
        raise LectureImpossible("Ce texte contient des caractères qui ne sont pas du texte.") from erreur
    except RecursionError as erreur:
        raise LectureImpossible("Ce texte est trop profondément imbriqué.") from erreur
    except ValueError as erreur:
        raise LectureImpossible("Ce texte contient une date ou un nombre impossible.") from erreur
