"""Words, dates and amounts of a document that is kept."""

from datetime import date
from decimal import Decimal
from typing import Any

from maillon.socle.ui.composants import A_CONFIRMER
from maillon.socle.ui.typographie import INSECABLE, MOIS, VIDE, format_euros

PARTS = (
    ("constate", "Constaté"),
    ("a_confirmer", "À confirmer"),
    ("encore_possible", "Encore possible"),
    ("perdu", "Perdu"),
)


def say_jour(iso: str | None) -> str:
    """« 8 novembre 2026 »: always with its year, in a document that is kept."""
    if not iso:
        return VIDE
    jour = date.fromisoformat(iso)
    return f"{'1er' if jour.day == 1 else jour.day}{INSECABLE}{MOIS[jour.month - 1]} {jour.year}"


def say_court(iso: str | None) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}" if iso else VIDE


def say_montant(montant: dict[str, Any] | None) -> str:
    """An amount of a relevé; « à confirmer » stands beside one that no text read establishes."""
    if montant is None:
        return VIDE
    texte = format_euros(Decimal(montant["euros"]))
    return f"{texte} ({A_CONFIRMER})" if montant["a_confirmer"] else texte


def say_sceau(matiere: dict[str, Any]) -> str:
    """What the foot of every page says."""
    arrete = matiere["arrete"]
    if arrete is None:
        return f"Provisoire, non arrêté : chiffres au {say_jour(matiere['au'])}"
    return f"Période arrêtée le {say_jour(arrete['le'])}, SHA-256 {arrete['empreinte']}"


def share_euros(element: dict[str, Any], *, close: bool) -> dict[str, Decimal]:
    """The four amounts of the year or of a mission: an envelope without indicator is still possible, then lost."""
    montants = {cle: Decimal(element["montants"][cle]) for cle, _ in PARTS}
    montants["perdu" if close else "encore_possible"] += Decimal(element["non_reparti"])
    return montants
