"""A spreadsheet small enough to read: the few functions that our workbook uses, computed from its cells."""

import re
from typing import Any

from openpyxl import Workbook
from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries


class Tableur:
    """`value("Synthèse", "D5")` computes a cell of a workbook loaded with its formulas."""

    def __init__(self, classeur: Workbook) -> None:
        self.classeur = classeur

    def value(self, feuille: str, cellule: str) -> Any:
        brut = self.classeur[feuille][cellule].value
        if isinstance(brut, str) and brut.startswith("="):
            expression = self._translate(brut, feuille)  # from our own workbook
            return eval(expression, {"__builtins__": {}}, self._functions())  # noqa: S307
        return "" if brut is None else brut

    def _functions(self) -> dict[str, Any]:
        def flat(*valeurs: Any) -> list[float]:
            plates = [v for valeur in valeurs for v in (valeur if isinstance(valeur, list) else [valeur])]
            return [v for v in plates if isinstance(v, int | float) and not isinstance(v, bool)]

        return {
            "value": self.value,
            "plage": self._plage,
            "MAX": lambda *v: max(flat(*v), default=0),
            "MIN": lambda *v: min(flat(*v), default=0),
            "SUM": lambda *v: sum(flat(*v)),
            "COUNT": lambda *v: len(flat(*v)),
        }

    def _plage(self, feuille: str, adresse: str) -> list[Any]:
        x1, y1, x2, y2 = range_boundaries(adresse)
        cellules = [self.classeur[feuille].cell(y, x).coordinate for y in range(y1, y2 + 1) for x in range(x1, x2 + 1)]
        return [self.value(feuille, cellule) for cellule in cellules]

    def _translate(self, formule: str, feuille: str) -> str:
        """To a Python expression. IF is lazy, as in a spreadsheet: `(b) if (a) else (c)`."""
        morceaux: list[list[str]] = [[""]]
        noms: list[str] = []
        for jeton in Tokenizer(formule).items:
            if jeton.type in ("FUNC", "PAREN") and jeton.subtype == "OPEN":
                noms.append(jeton.value)
                morceaux.append([""])
            elif jeton.type in ("FUNC", "PAREN"):
                parties, nom = morceaux.pop(), noms.pop()
                morceaux[-1][-1] += self._call(nom, parties)
            elif jeton.type == "SEP":
                morceaux[-1].append("")
            else:
                morceaux[-1][-1] += self._token(jeton, feuille)
        return morceaux[0][0]

    def _call(self, nom: str, parties: list[str]) -> str:
        if nom == "IF(":
            return f"(({parties[1]}) if ({parties[0]}) else ({parties[2]}))"
        return f"{nom}{','.join(parties)})"

    def _token(self, jeton: Any, feuille: str) -> str:
        if jeton.type == "OPERAND" and jeton.subtype == "RANGE":
            nom, _, adresse = jeton.value.rpartition("!")
            nom, adresse = nom.strip("'") or feuille, adresse.replace("$", "")
            assert re.fullmatch(r"[A-Z]+\d+(:[A-Z]+\d+)?", adresse), jeton.value
            return f"{'plage' if ':' in adresse else 'value'}({nom!r},{adresse!r})"
        return "==" if jeton.value == "=" else jeton.value
