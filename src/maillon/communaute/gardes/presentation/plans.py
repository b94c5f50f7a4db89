"""What a plan could not give, and what it would change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from maillon.socle.ui.typographie import format_date

from ..heures import say_heures
from ..models import Variante


@dataclass(frozen=True, slots=True)
class RefusDit:
    """A wish that was not granted, why, and what it would have cost."""

    nom: str
    quoi: str
    raison: str


def list_refus(variante: Variante) -> list[RefusDit]:
    noms = {p["cle"]: p["nom"] for p in variante.probleme["personnes"]}
    return [
        RefusDit(noms[r["souhait"]["personne"]], _say_souhait(r["souhait"]), r["raison"])
        for r in variante.plan.get("refus", [])
    ]


def _say_souhait(souhait: dict[str, Any]) -> str:
    mot = "aurait aimé être de garde" if souhait["sens"] == "prefere" else "voulait éviter"
    jour = souhait.get("jour")
    return f"{mot} le {format_date(datetime.fromisoformat(jour).date())}" if jour else mot


def say_poste(variante: Variante, poste: dict[str, Any]) -> str:
    """« lundi 30 novembre, 14 h – 20 h », on the clocks of the place."""
    fuseau = variante.probleme["fuseau"]
    zone = ZoneInfo(fuseau)
    debut, fin = (datetime.fromisoformat(poste[cle]) for cle in ("debut", "fin"))
    debut, fin = (instant if instant.tzinfo else instant.replace(tzinfo=zone) for instant in (debut, fin))
    return f"{format_date(debut.astimezone(zone).date())}, {say_heures(debut, fin, fuseau)}"


@dataclass(frozen=True, slots=True)
class Mouvement:
    """A duty that changes hands between the roster in place and a plan."""

    quoi: str
    avant: str
    apres: str
    prise: bool


def list_mouvements(variante: Variante, en_place: list[tuple[str, str]]) -> list[Mouvement]:
    """Of pairs shift, person in place: what the plan would change, by shift."""
    noms = {p["cle"]: p["nom"] for p in variante.probleme["personnes"]}
    postes = {p["cle"]: p for p in variante.probleme["postes"]}
    wanted: dict[str, set[str]] = {}
    for a in variante.plan["affectations"]:
        wanted.setdefault(a["poste"], set()).add(a["personne"])
    held: dict[str, set[str]] = {}
    for poste, qui in en_place:
        held.setdefault(poste, set()).add(qui)
    found = []
    for cle, poste in sorted(postes.items(), key=lambda item: item[1]["debut"]):
        before, after = held.get(cle, set()), wanted.get(cle, set())
        if before != after:
            found.append(
                Mouvement(
                    say_poste(variante, poste),
                    ", ".join(sorted(noms.get(q, "—") for q in before - after)) or "personne",
                    ", ".join(sorted(noms.get(q, "—") for q in after - before)) or "personne",
                    bool(before - after),
                )
            )
    return found
