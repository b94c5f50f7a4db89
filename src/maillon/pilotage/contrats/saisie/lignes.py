"""Rows of a table as indicators: continuation rows, section titles and totals understood, problems said cell by cell.

A row keeps what was written; `indicateurs.read_ligne` then reads it, so that a pasted row and a row typed by hand
obey the same rules. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from maillon.socle.ui.typographie import INSECABLE

from ..enums import CodeMission
from .colonnes import Colonne
from .nombres import fold
from .tableau import Tableau

INDICATEURS_MAX = 90
MISSIONS: tuple[tuple[str, CodeMission], ...] = (
    (r"\bcris\w*|\bsanitaires? (grave|exceptionnel)|\bsse\b", CodeMission.CRISE),
    (r"\bparcours\b", CodeMission.PARCOURS),
    (r"\bprevention\b|\bdepistages?\b|\bpromotion de la sante\b", CodeMission.PREVENTION),
    (r"\bqualite\b|\bpertinence\b", CodeMission.QUALITE),
    (r"\baccompagnement des\b|\baccompagnement\b|\battractivite\b|\binstallation\b", CodeMission.ACCOMPAGNEMENT),
    (r"\bacces\b|\bmedecins? traitants?\b|\bsoins non programmes\b|\bsnp\b|\bsas\b", CodeMission.ACCES),
)  # fmt: skip
_TOTAL = re.compile(r"^(sous )?total\b|^somme\b|^enveloppe\b|^plafond\b")
# What a row carries from the table to the form, as text.
CHAMPS = (
    "mission", "libelle", "definition", "nature", "sens", "unite", "reference", "paliers", "variation", "cible",
    "certificateur", "preuve", "declare",
)  # fmt: skip


@dataclass(slots=True)
class LigneBrute:
    """An indicator as the table writes it. `numero` is the row of the paste, from 1, titles included."""

    numero: int
    champs: dict[str, str] = field(default_factory=dict)
    remarques: list[str] = field(default_factory=list)

    def add_paliers(self, textes: Sequence[str]) -> None:
        deja = [self.champs["paliers"]] if self.champs.get("paliers") else []
        self.champs["paliers"] = " ; ".join([*deja, *textes])


@dataclass(frozen=True, slots=True)
class Lecture:
    """What a table gave: its indicators, and the rows left aside with the reason."""

    lignes: tuple[LigneBrute, ...]
    ecartees: tuple[str, ...] = ()


def find_mission(texte: str) -> CodeMission | None:
    """The mission that words name, if any."""
    plat = fold(texte)
    if plat in CodeMission.values:
        return CodeMission(plat)
    return next((code for motif, code in MISSIONS if re.search(motif, plat)), None)


def read_lignes(tableau: Tableau, colonnes: Sequence[Colonne], *, entetes: int | None, mission: str = "") -> Lecture:
    """Indicators of a table. `mission` is that of the whole table, when its rows do not say. Never raises."""
    titres = tableau[entetes] if entetes is not None else [""] * len(colonnes)
    lignes: list[LigneBrute] = []
    ecartees: list[str] = []
    courante = mission or _find_above(tableau, entetes)
    for rang, cases in enumerate(tableau):
        if entetes is not None and rang <= entetes:
            continue
        numero = rang + 1
        lue = _read_cases(cases, colonnes, titres)
        pleines = [case for case in cases if case]
        if _TOTAL.match(fold(pleines[0])):
            ecartees.append(f"Ligne {numero} : « {pleines[0][:60]} » est un total, il n’est pas repris.")
        elif len(pleines) == 1 and not re.search(r"\d", pleines[0]) and (titre := find_mission(pleines[0])):
            courante = titre.value
        elif not lue.get("libelle") and lignes and lue.get("paliers"):
            lignes[-1].add_paliers([lue["paliers"]])
        elif not lue.get("libelle"):
            ecartees.append(
                f"Ligne {numero} : elle n’a pas d’intitulé (« {pleines[0][:60]} »), elle n’est pas reprise."
            )
        elif lignes and _is_suite(lignes[-1], lue):
            lignes[-1].add_paliers([lue["paliers"]])
        elif len(lignes) == INDICATEURS_MAX:
            ecartees.append(f"Ligne {numero} et suivantes : un contrat a {INDICATEURS_MAX} indicateurs au plus.")
            break
        else:
            courante = _carry_mission(lue, courante)
            lignes.append(LigneBrute(numero, lue | {"mission": courante}))
    return Lecture(tuple(lignes), tuple(ecartees))


def _find_above(tableau: Tableau, entetes: int | None) -> str:
    """The mission named by the lines above the titles."""
    for ligne in reversed(tableau[: entetes or 0]):
        if trouvee := find_mission(" ".join(ligne)):
            return trouvee.value
    return ""


def _carry_mission(lue: dict[str, str], courante: str) -> str:
    """The row's own mission, else that of the rows above (merged cells), else what its words say."""
    trouvee = find_mission(lue.get("mission", "")) or (None if courante else find_mission(lue["libelle"]))
    return trouvee.value if trouvee else courante


def _is_suite(precedente: LigneBrute, lue: dict[str, str]) -> bool:
    """The same name again: one row a tier."""
    return fold(precedente.champs["libelle"]) == fold(lue["libelle"]) and bool(lue.get("paliers"))


def _read_cases(cases: Sequence[str], colonnes: Sequence[Colonne], titres: Sequence[str]) -> dict[str, str]:
    """The cells by role; thresholds and amounts become « seuil : montant »."""
    lue: dict[str, str] = {}
    for case, colonne in zip(cases, colonnes, strict=True):
        if colonne and colonne not in (Colonne.PALIERS, Colonne.SEUIL, Colonne.MONTANT):
            lue[colonne.value] = " ".join(case.split())
    paliers = list(_pair(cases, colonnes, titres))
    return lue | {"paliers": " ; ".join(paliers)} if paliers else lue


def _pair(cases: Sequence[str], colonnes: Sequence[Colonne], titres: Sequence[str]) -> Iterator[str]:
    """Each amount goes with the threshold before it; « 69,70 / 72,40 / 75 » with « 1 000 / 2 500 / 3 500 »."""
    seuils: list[str] = []
    for case, colonne, titre in zip(cases, colonnes, titres, strict=True):
        if colonne == Colonne.PALIERS and case:
            yield _label(case, titre)
        elif colonne == Colonne.SEUIL and case:
            seuils.append(_label(case, titre))
        elif colonne == Colonne.MONTANT and case:
            gauche = _split(seuils.pop(0)) if seuils else [""]
            droite = _split(case)
            if len(gauche) == len(droite):
                yield from (f"{s} : {_euros(m)}".strip(f"{INSECABLE}: ") for s, m in zip(gauche, droite, strict=True))
            else:
                yield f"{' / '.join(gauche)} : {_euros(case)}".strip(f"{INSECABLE}: ")
    yield from seuils


def _label(case: str, titre: str) -> str:
    """A threshold under « Socle » is named so."""
    mot = next((mot for mot in ("socle", "intermédiaire", "objectif") if fold(mot) in fold(titre)), "")
    return f"{mot} {case}" if mot and fold(mot) not in fold(case) else case


def _split(case: str) -> list[str]:
    return [morceau.strip() for morceau in re.split(r"\s/\s|\n|;", case) if morceau.strip()] or [""]


def _euros(montant: str) -> str:
    return montant if "€" in montant or not re.search(r"\d", montant) else f"{montant.strip()} €"
