"""The rows of a file as pages show them, by what they do."""

from collections.abc import Mapping
from typing import Any

from maillon.pilotage.contrats.presentation import say_valeur
from maillon.socle.ui.composants import Pastille
from maillon.socle.ui.typographie import compter

from .enums import Issue

LIGNES_MONTREES = 100
ISSUES = {
    Issue.AJOUT: Pastille("ajoutée", "bien", "plus"),
    Issue.CORRECTION: Pastille("corrigée", "cours", "refresh"),
    Issue.INCHANGEE: Pastille("inchangée", "neutre"),
    Issue.SECRET: Pastille("secret statistique", "attente", "eye-off"),
    Issue.REFUSEE: Pastille("refusée", "alerte"),
}


def group_lignes(lignes: Any) -> list[dict[str, Any]]:
    """Rows by what they do, those that write first; the first hundred of each are shown."""
    groupes = []
    for issue, pastille in ISSUES.items():
        siennes = [ligne for ligne in lignes if ligne.issue == issue]
        if siennes:
            montrees = [
                (ligne, _say(ligne, ligne.valeur), _say(ligne, ligne.ancienne)) for ligne in siennes[:LIGNES_MONTREES]
            ]
            groupes.append({"issue": issue, "pastille": pastille, "nombre": len(siennes), "lignes": montrees})
    return groupes


def _say(ligne: Any, valeur: Any) -> str:
    return "" if valeur is None or ligne.indicateur is None else say_valeur(valeur, ligne.indicateur.unite)


def say_comptes(comptes: Mapping[Issue, int]) -> str:
    """« 3 valeurs ajoutées, 1 ligne refusée »."""
    mots = {
        Issue.AJOUT: "valeur ajoutée,valeurs ajoutées",
        Issue.CORRECTION: "valeur corrigée,valeurs corrigées",
        Issue.INCHANGEE: "valeur inchangée,valeurs inchangées",
        Issue.SECRET: "valeur sous secret statistique,valeurs sous secret statistique",
        Issue.REFUSEE: "ligne refusée,lignes refusées",
    }
    return ", ".join(compter(comptes[issue], *formes.split(",")) for issue, formes in mots.items() if comptes[issue])
