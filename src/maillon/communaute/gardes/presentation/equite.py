"""Who has how much, and what people come with."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from maillon.regles.gardes import Genre
from maillon.regles.gardes.credits import start_horizon
from maillon.socle.ui.graphiques import Serie, build_graphique
from maillon.socle.ui.typographie import compter, format_date, format_nombre

from ..models import Tableau, Variante


@dataclass(frozen=True, slots=True)
class LigneEquite:
    """What somebody has, and what would be their share."""

    nom: str
    part: int
    gardes: int
    par_genre: str
    avant: str
    ecart: float

    @property
    def dit(self) -> str:
        if abs(self.ecart) < 0.5:
            return "sa part"
        mot = "de plus" if self.ecart > 0 else "de moins"
        return f"{format_nombre(abs(self.ecart), 1)} {mot}"


def say_avance(ecart: float) -> str:
    """« 1,5 d’avance » : how far somebody is from their share when a roster begins; half a duty at least."""
    if abs(ecart) < 0.5:
        return "à sa part"
    return f"{format_nombre(abs(ecart), 1)} {'d’avance' if ecart > 0 else 'de retard'}"


def say_solde(solde: Mapping[Genre, Fraction]) -> tuple[str, str]:
    """The whole, then the days that are not ordinary in which somebody is not at their share."""
    kinds = [
        f"{MOTS_GENRES[genre]}\u00a0: {say_avance(float(ecart))}"
        for genre, ecart in solde.items()
        if genre in MOTS_GENRES and abs(ecart) >= Fraction(1, 2)
    ]
    return say_avance(float(sum(solde.values()))), ", ".join(kinds)


def say_horizons(tableau: Tableau) -> str:
    """From when duties count for a roster, in a sentence."""
    ordinaires, feries = (start_horizon(genre, tableau.debut) for genre in (Genre.SEMAINE, Genre.FERIE))
    return (
        f"les gardes depuis le {format_date(ordinaires, jour=False)}, celles de jour férié depuis le "
        f"{format_date(feries, jour=False)}"
    )


MOTS_GENRES = {"samedi": "samedi", "dimanche": "dimanche", "ferie": "férié"}


def build_equite(variante: Variante) -> dict[str, list[LigneEquite]]:
    """By profession, everybody with their duties and their distance to a fair share, the most loaded first."""
    people = {p["cle"]: p for p in variante.probleme["personnes"]}
    totals = {b["personne"]: b for b in variante.plan["bilans"] if b["genre"] is None}
    kinds: dict[str, Counter[str]] = {}
    for bilan in variante.plan["bilans"]:
        if bilan["genre"] in MOTS_GENRES and bilan["gardes"]:
            kinds.setdefault(bilan["personne"], Counter())[bilan["genre"]] = bilan["gardes"]
    held = Counter(a["personne"] for a in variante.plan["affectations"])
    found: dict[str, list[LigneEquite]] = {}
    for cle, personne in people.items():
        total = totals.get(cle)
        found.setdefault(personne["profession"], []).append(
            LigneEquite(
                nom=personne["nom"],
                part=personne["quotite"],
                gardes=held[cle],
                par_genre=", ".join(
                    f"{nombre}\u00a0{MOTS_GENRES[genre]}" for genre, nombre in sorted(kinds.get(cle, Counter()).items())
                ),
                avant=say_avance(variante.bilan.get("avances", {}).get(cle, 0.0)),
                ecart=total["ecart"] if total else 0.0,
            )
        )
    return {code: sorted(rows, key=lambda r: (-r.gardes, r.nom)) for code, rows in found.items()}


def draw_equite(lignes: list[LigneEquite]) -> Any:
    """How many people have how many duties: a chart that stays readable at two hundred people; None when all have the
    same number."""
    counts = Counter(ligne.gardes for ligne in lignes)
    low, high = min(counts), max(counts)
    if low == high:
        return None
    steps = list(range(low, high + 1))
    return build_graphique(
        titre=f"De {low} à {compter(high, 'garde', 'gardes')} par personne",
        etiquettes=[str(step) for step in steps],
        series=[Serie("Personnes", [counts[step] for step in steps])],
        genre="barres",
        axe_y="Nombre de personnes",
        axe_x="gardes dans ce plan",
    )
