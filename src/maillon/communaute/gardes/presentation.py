"""How plans and duties are said."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from maillon.regles.gardes import Genre
from maillon.regles.gardes.credits import start_horizon
from maillon.socle.horloge import now
from maillon.socle.ui.composants import Avancement, Pastille
from maillon.socle.ui.graphiques import Serie, build_graphique
from maillon.socle.ui.typographie import compter, format_date, format_nombre

from .enums import EtatGarde, EtatVariante
from .heures import say_heures
from .models import Garde, Tableau, Variante
from .selectors import say_profession

ETATS: dict[str, Pastille] = {
    EtatGarde.PROJET: Pastille("en projet", "neutre"),
    EtatGarde.PUBLIEE: Pastille("prévue", "cours"),
    EtatGarde.TENUE: Pastille("tenue", "bien"),
    EtatGarde.NON_TENUE: Pastille("pas tenue", "attente"),
    EtatGarde.RETIREE: Pastille("retirée", "neutre"),
}
OBJECTIFS = {
    "couverture": "les gardes à pourvoir",
    "changements": "le moins de changements",
    "equite": "l’équité entre les personnes",
    "souhaits": "les souhaits",
}


def show_etat(garde: Garde) -> Pastille:
    return ETATS[garde.etat]


def show_variante(variante: Variante) -> Pastille:
    """Its state; of one that is ready, whether it is proven to be the best there is."""
    if variante.etat == EtatVariante.EN_CALCUL:
        return Pastille("calcul en cours", "cours")
    if variante.etat == EtatVariante.ECHEC:
        return Pastille("calcul arrêté", "alerte")
    if variante.retenue_le:
        return Pastille("retenue", "bien")
    return (
        Pastille("prouvée la meilleure", "bien", "certificate")
        if variante.bilan.get("prouve")
        else Pastille("prête", "cours")
    )


@dataclass(frozen=True)
class AvancementCalcul(Avancement):
    """Seconds, not rows."""

    @property
    def texte(self) -> str:
        return f"{self.fait}\u00a0s sur {self.total}\u00a0s au plus"


def build_avancement(variante: Variante) -> Avancement:
    """Seconds gone of those granted, and what is being sought."""
    gone = max(0, int((now() - variante.lancee_le).total_seconds()))
    total = variante.duree_max
    cherche = OBJECTIFS.get(variante.avancement.get("objectif", ""), "")
    libelle = f"Calcul du tableau\u00a0: {cherche}" if cherche else "Calcul du tableau"
    left = total - gone
    reste = f"encore {compter(left, 'seconde', 'secondes')} au plus" if left > 0 else "presque fini"
    return AvancementCalcul(libelle, min(gone, total), total, reste)


def say_charges(variante: Variante) -> list[str]:
    """« médecin généraliste : 2 à 4 gardes », by profession."""
    said = []
    for code, (low, high) in variante.bilan.get("charges", {}).items():
        nombre = compter(high, "garde", "gardes") if low == high else f"{low} à {compter(high, 'garde', 'gardes')}"
        said.append(f"{say_profession(code)}\u00a0: {nombre}")
    return said


def say_bilan(variante: Variante) -> str:
    """« 74 gardes pourvues sur 75, 12 souhaits accordés sur 15 », what was not asked left out."""
    bilan = variante.bilan
    said = [f"{compter(bilan['pourvues'], 'garde pourvue', 'gardes pourvues')} sur {bilan['places']}"]
    if bilan["voulus"]:
        said.append(f"{compter(bilan['accordes'], 'souhait accordé', 'souhaits accordés')} sur {bilan['voulus']}")
    if bilan["evites"]:
        said.append(f"{compter(bilan['respectes'], 'jour évité', 'jours évités')} sur {bilan['evites']}")
    return ", ".join(said)


def say_preuve(variante: Variante) -> str:
    """How sure a plan is, in a sentence."""
    niveaux = variante.bilan.get("niveaux", {})
    if variante.bilan.get("prouve"):
        return (
            "Ce plan est prouvé\u00a0: aucun autre ne pourvoit davantage de gardes, ni, à gardes égales, n’est plus "
            "équitable, ni, à équité égale, n’accorde plus de souhaits."
        )
    open_ones = [OBJECTIFS[code] for code, niveau in niveaux.items() if not niveau["prouve"]]
    return (
        "Le temps accordé n’a pas suffi à prouver que ce plan est le meilleur pour "
        + " et ".join(open_ones)
        + ". Un calcul plus long peut l’améliorer."
    )


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
    mot = "aurait aimé" if souhait["sens"] == "prefere" else "voulait éviter"
    jour = souhait.get("jour")
    return f"{mot} {format_date(datetime.fromisoformat(jour).date())}" if jour else mot


def _say_poste(variante: Variante, poste: dict[str, Any]) -> str:
    """« lundi 30 novembre, 14 h – 20 h », on the clocks of the place."""
    fuseau = variante.probleme["fuseau"]
    zone = ZoneInfo(fuseau)
    debut, fin = (datetime.fromisoformat(poste[cle]) for cle in ("debut", "fin"))
    debut, fin = (instant if instant.tzinfo else instant.replace(tzinfo=zone) for instant in (debut, fin))
    return f"{format_date(debut.astimezone(zone).date())}, {say_heures(debut, fin, fuseau)}"


@dataclass(frozen=True, slots=True)
class ManqueDit:
    """An uncovered shift, and why each person could not."""

    poste_id: UUID
    quoi: str
    nombre: int
    raisons: list[str]


def list_manques(variante: Variante) -> list[ManqueDit]:
    postes = {p["cle"]: p for p in variante.probleme["postes"]}
    return [
        ManqueDit(
            UUID(m["poste"]),
            _say_poste(variante, postes[m["poste"]]),
            m["nombre"],
            [r["raison"] for r in m["raisons"]],
        )
        for m in variante.plan.get("manques", [])
    ]


@dataclass(frozen=True, slots=True)
class Mouvement:
    """A duty that changes hands between the roster in place and a plan."""

    quoi: str
    avant: str
    apres: str


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
                    _say_poste(variante, poste),
                    ", ".join(sorted(noms.get(q, "—") for q in before - after)) or "personne",
                    ", ".join(sorted(noms.get(q, "—") for q in after - before)) or "personne",
                )
            )
    return found
