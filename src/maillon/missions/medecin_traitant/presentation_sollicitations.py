"""Why each doctor was asked: kept in codes and numbers when it leaves, said in words on the sheet."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from maillon.communaute.sollicitations.models import Sollicitation
from maillon.socle.ui.typographie import format_nombre

from .selectors.medecins import Candidat


def explain_choix(candidats: Sequence[Candidat]) -> dict[UUID, dict[str, Any]]:
    """What the desk had before its eyes when it chose among ranked doctors; nothing of the person."""
    return {
        candidat.professionnel.pk: {
            "par": "guichet",
            "rang": rang,
            "sur": len(candidats),
            "minutes": candidat.minutes,
            "reserve": bool(candidat.reserves),
        }
        for rang, candidat in enumerate(candidats, start=1)
    }


def say_pourquoi(sollicitation: Sollicitation, *, souhaite_id: UUID | None) -> str:
    """« Choisi par le guichet, 2e sur 8 de la liste ; trajet estimé : 12 min. » Empty when nothing was kept."""
    e = sollicitation.explication
    parts = ["la personne l’avait en tête"] if sollicitation.professionnel_id == souhaite_id else []
    match e.get("par"):
        case "guichet":
            parts.append(f"choisi par le guichet, {_rank(e['rang'])} sur {e['sur']} de la liste")
            if e.get("reserve"):
                parts.append("quelque chose lui manquait pour cette personne")
        case "repartition" if e.get("suivant"):
            parts.append("prévu par la répartition, si les premiers disent non")
        case "repartition" if e.get("change"):
            parts.append("choisi par le guichet en relisant la répartition")
        case "repartition":
            parts.append("choisi par la répartition de la liste d’attente")
    if (minutes := e.get("minutes")) is not None:
        parts.append(f"trajet estimé\u00a0: {format_nombre(round(minutes))}\u00a0min")
    said = "\u00a0; ".join(parts)
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _rank(rang: int) -> str:
    return "1er" if rang == 1 else f"{rang}e"
