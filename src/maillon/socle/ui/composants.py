"""The data that components show: small frozen values that views build and templates receive."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from .typographie import compter, format_euros, format_nombre

Ton = Literal["attente", "bien", "alerte", "cours", "neutre"]
ICONES_DES_TONS: dict[str, str] = {
    "attente": "clock-exclamation",
    "bien": "circle-check",
    "alerte": "alert-triangle",
    "cours": "progress",
    "neutre": "circle",
}
A_CONFIRMER = "à confirmer"


@dataclass(frozen=True)
class Pastille:
    """A state: word, tone and icon together, never the colour alone."""

    libelle: str
    ton: Ton = "neutre"
    icone: str = ""

    @property
    def dessin(self) -> str:
        return self.icone or ICONES_DES_TONS[self.ton]

    def __str__(self) -> str:
        return self.libelle


@dataclass(frozen=True)
class Fait:
    """A line of a sheet: `note` is the smaller second line, `url` makes the value a link."""

    libelle: str
    valeur: Any
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Evenement:
    """What happened, when, by whom (`qui` is already fit for the reader)."""

    quand: date | datetime
    titre: str
    qui: str = ""
    texte: str = ""
    ton: Ton = "neutre"
    icone: str = ""
    url: str = ""

    @property
    def dessin(self) -> str:
        return self.icone or ICONES_DES_TONS[self.ton]

    @property
    def a_heure(self) -> bool:
        return isinstance(self.quand, datetime)


@dataclass(frozen=True)
class Etape:
    """One step of a long form; the steps before the current one are done."""

    libelle: str
    url: str = ""


@dataclass(frozen=True)
class Onglet:
    libelle: str
    url: str
    actif: bool = False
    compte: int | None = None


@dataclass(frozen=True)
class Chiffre:
    """A figure that opens onto what makes it.

    `valeur` is a number, a Decimal or ready text. `unite` « € » formats the value as an amount. `realise` (0 to 1)
    draws the gauge. `tendance` is « hausse », « baisse » or « stable », with its sentence in `tendance_texte`.
    `certitude` is « à confirmer » where one part of the figure is not established.
    """

    libelle: str
    valeur: int | float | Decimal | str | None
    unite: str = ""
    cible: str = ""
    realise: float | Decimal | None = None
    tendance: Literal["", "hausse", "baisse", "stable"] = ""
    tendance_texte: str = ""
    source: str = ""
    certitude: str = ""
    url: str = ""

    @property
    def texte(self) -> str:
        if isinstance(self.valeur, str):
            return self.valeur
        return format_euros(self.valeur).removesuffix("€").rstrip() if self.unite == "€" else format_nombre(self.valeur)

    @property
    def jauge(self) -> str | None:
        """Width of the gauge in hundredths, as text (a figure in an SVG attribute takes a point, never a comma)."""
        return None if self.realise is None else f"{max(0.0, min(1.0, float(self.realise))) * 100:.1f}"

    @property
    def icone_tendance(self) -> str:
        return {"hausse": "trending-up", "baisse": "trending-down", "stable": "minus"}.get(self.tendance, "")


@dataclass(frozen=True)
class LigneExplication:
    """One line of the reason of a result: what, the rule in a sentence, the amount in euros, the text, its date."""

    libelle: str
    montant: Decimal | int | None = None
    regle: str = ""
    texte: str = ""
    depuis: date | None = None
    certitude: str = ""
    url: str = ""


@dataclass(frozen=True)
class Explication:
    """Why a result is what it is, line by line, with its total."""

    lignes: Sequence[LigneExplication]
    total: Decimal | int | None = None
    libelle_total: str = "Total"
    certitude: str = ""
    conclusion: str = ""
    titre: str = ""


@dataclass(frozen=True)
class Segment:
    cle: str
    libelle: str
    montant: Decimal | int
    x: str
    largeur: str


@dataclass(frozen=True)
class ProgressionAnnee:
    """Euros of one mission or one year: established, to confirm, still possible, lost (amounts in euros)."""

    libelle: str
    constate: Decimal | int = 0
    a_confirmer: Decimal | int = 0
    possible: Decimal | int = 0
    perdu: Decimal | int = 0
    note: str = ""
    url: str = ""
    cle: str = field(default="annee")

    @property
    def total(self) -> Decimal | int:
        return self.constate + self.a_confirmer + self.possible + self.perdu

    @property
    def segments(self) -> list[Segment]:
        """The four parts in order, with their place on a bar of 1000 units."""
        parts = (
            ("constate", "Constaté", self.constate),
            ("confirmer", "À confirmer", self.a_confirmer),
            ("possible", "Encore possible", self.possible),
            ("perdu", "Perdu", self.perdu),
        )
        total = Decimal(self.total) or Decimal(1)
        segments, x = [], Decimal(0)
        for cle, libelle, montant in parts:
            largeur = Decimal(montant) * 1000 / total
            segments.append(Segment(cle, libelle, montant, f"{x:.1f}", f"{largeur:.1f}"))
            x += largeur
        return segments

    @property
    def resume(self) -> str:
        """The bar in one sentence, for those who do not see it."""
        parts = ", ".join(f"{format_euros(s.montant)} {s.libelle.lower()}" for s in self.segments)
        return f"{self.libelle} : {parts}, sur {format_euros(self.total)}."


@dataclass(frozen=True)
class Vide:
    """What an empty place is for, and the first thing to do there."""

    titre: str
    texte: str = ""
    action: str = ""
    url: str = ""
    icone: str = "inbox"


@dataclass(frozen=True)
class Avancement:
    """Long work: what it does, how far it is, the time left."""

    libelle: str
    fait: int
    total: int
    reste: str = ""

    @property
    def pour_cent(self) -> str:
        return f"{100 * self.fait / self.total:.0f}" if self.total else "0"

    @property
    def texte(self) -> str:
        return f"{format_nombre(self.fait)} sur {compter(self.total, 'ligne', 'lignes')}"
