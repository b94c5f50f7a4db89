"""Where a duty and a plan stand, in words."""

from dataclasses import dataclass

from maillon.socle.horloge import now
from maillon.socle.ui.composants import Avancement, Pastille
from maillon.socle.ui.typographie import compter

from ..enums import EtatGarde, EtatVariante
from ..models import Garde, Variante
from ..selectors import say_profession

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
    """« 74 gardes pourvues sur 75, 12 souhaits accordés sur 15 », what was not asked left out; empty without a plan."""
    bilan = variante.bilan
    if variante.etat != EtatVariante.PRETE:
        return ""
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
            "Aucun plan ne ferait mieux, le calcul l’a prouvé\u00a0: aucun ne pourvoit plus de gardes\u00a0; parmi "
            "ceux qui en pourvoient autant, aucun n’est plus équitable\u00a0; et parmi ceux-là, aucun ne suit plus de "
            "souhaits."
        )
    open_ones = [OBJECTIFS[code] for code, niveau in niveaux.items() if not niveau["prouve"]]
    return (
        "Le temps accordé n’a pas suffi à prouver que ce plan est le meilleur pour "
        + " et ".join(open_ones)
        + ". Un calcul plus long peut l’améliorer."
    )
