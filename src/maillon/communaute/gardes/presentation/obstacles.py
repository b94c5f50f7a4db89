"""What stands in the way of a roster, and where each of these things is changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from maillon.regles.gardes import Faute, Raison
from maillon.socle.ui.typographie import compter

from ..models import Variante
from .plans import say_poste


@dataclass(frozen=True, slots=True)
class Empechement:
    """People whom the same thing stops; each with the page where it is changed, when there is one."""

    titre: str
    gens: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ManqueDit:
    """An uncovered shift, and what stops each person who could have held it."""

    poste_id: UUID
    quoi: str
    nombre: int
    empechements: tuple[Empechement, ...]

    @property
    def resume(self) -> str:
        """« Indisponibles ce jour-là : 3. Déjà 2 gardes cette semaine-là : 7. »"""
        if not self.empechements:
            return "Personne de cette profession n’est dans le tableau."
        return " ".join(f"{e.titre}\u00a0: {len(e.gens)}." for e in self.empechements)


def list_manques(variante: Variante, slug: str) -> list[ManqueDit]:
    """Every shift left without anybody, soonest first as the plan has them."""
    postes = {p["cle"]: p for p in variante.probleme["postes"]}
    gens = {p["cle"]: p for p in variante.probleme["personnes"]}
    return [
        ManqueDit(
            UUID(m["poste"]), say_poste(variante, postes[m["poste"]]), m["nombre"], _gather(m["raisons"], gens, slug)
        )
        for m in variante.plan.get("manques", [])
    ]


def _gather(raisons: Iterable[dict[str, str]], gens: dict[str, dict[str, Any]], slug: str) -> tuple[Empechement, ...]:
    """One line for all whom the same rule stops, the most numerous first."""
    par_titre: dict[str, list[tuple[str, str]]] = {}
    for raison in raisons:
        qui = gens[raison["personne"]]
        adresse = ""
        if raison["code"] == "indisponible":
            adresse = reverse("gardes_voeux", args=[slug, qui["cle"]])
        par_titre.setdefault(_name(raison["code"], qui["limites"]), []).append((qui["nom"], adresse))
    rows = (Empechement(titre, tuple(sorted(own))) for titre, own in par_titre.items())
    return tuple(sorted(rows, key=lambda row: -len(row.gens)))


def _name(code: str, limites: dict[str, int | None]) -> str:
    """What stops somebody, as the heading of a list of people."""
    limite = limites.get(code) or 0
    titres = {
        "semaine": f"Déjà {compter(limite, 'garde', 'gardes')} cette semaine-là",
        "week_ends": f"Déjà {compter(limite, 'week-end', 'week-ends')} ce mois-là",
        "ecart_heures": f"De garde à moins de {limite}\u00a0h de là" if limite else "De garde à cette heure",
        "indisponible": "Indisponibles ce jour-là",
        "possible": "Pourraient la prendre",
    }
    return titres.get(code, "Une règle du tableau l’empêche")


@dataclass(frozen=True, slots=True)
class RaisonDite:
    """A fact among those that contradict, and where it is changed."""

    phrase: str
    geste: str
    adresse: str


def build_contradiction(variante: Variante, slug: str) -> list[RaisonDite]:
    """The facts that cannot hold together, each with its way out; none for a plan stopped otherwise."""
    return [_say_raison(Raison(**brut), variante, slug) for brut in variante.bilan.get("raisons", [])]


def _say_raison(raison: Raison, variante: Variante, slug: str) -> RaisonDite:
    phrase = f"{raison.phrase[0].upper()}{raison.phrase[1:]}."
    if raison.poste:
        geste = "Voir cette garde" if raison.code == "besoin" else "Retirer cette garde"
        return RaisonDite(phrase, geste, reverse("gardes_poste", args=[slug, raison.poste]))
    if raison.code == "indisponible":
        return RaisonDite(phrase, "Corriger ses vœux", reverse("gardes_voeux", args=[slug, raison.personne]))
    if raison.code == "ailleurs":
        return RaisonDite(phrase, "Voir les tableaux", reverse("gardes_liste", args=[slug]))
    return RaisonDite(phrase, "Changer cette règle", reverse("gardes_modifier", args=[slug, variante.tableau_id]))


@dataclass(frozen=True, slots=True)
class RegleEnfreinte:
    """A rule that a duty of the roster breaks, and the duty."""

    phrase: str
    adresse: str


def list_regles_enfreintes(fautes: Iterable[Faute], slug: str) -> list[RegleEnfreinte]:
    """What the roster as it stands goes beyond, each with a duty from which it is changed."""
    return [
        RegleEnfreinte(
            f"{faute.phrase[0].upper()}{faute.phrase[1:]}.", reverse("gardes_poste", args=[slug, faute.postes[-1]])
        )
        for faute in fautes
        if faute.postes
    ]
