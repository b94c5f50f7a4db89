"""Totals of a territory, and the chart that compares its contracts."""

from collections.abc import Sequence
from statistics import median

from maillon.socle.ui.composants import Chiffre
from maillon.socle.ui.graphiques import Graphique, Serie, build_graphique
from maillon.socle.ui.typographie import compter, format_euros

from .listes import COURTS
from .selectors import Totaux


def build_totaux(totaux: Totaux) -> list[Chiffre]:
    """Euros of the contracts in force: engaged, certified, to confirm, without evidence."""
    doute = "à confirmer" if totaux.is_a_confirmer else ""
    crise = f"{format_euros(totaux.activation)} de plus si l’ARS reconnaît une crise" if totaux.activation else ""
    part = totaux.constate / totaux.variable if totaux.variable else None
    return [
        Chiffre("Engagés cette année, hors crise", totaux.hors_activation, "€", certitude=doute, source=crise),
        Chiffre(
            "Constaté",
            totaux.constate,
            "€",
            cible=f"sur {format_euros(totaux.variable)} de part variable",
            realise=part,
            certitude=doute,
        ),
        Chiffre("À confirmer d’après les actes", totaux.a_confirmer, "€", certitude=doute),
        Chiffre("À confirmer sans justificatif", totaux.sans_preuve, "€", certitude=doute),
    ]


def draw_missions(parts: Sequence[tuple[dict[str, float], dict[str, float]]]) -> Graphique | None:
    """Median share certified, and certified or forecast, of each mission; None under two contracts."""
    if len(parts) < 2:
        return None
    missions = [
        (libelle, constates, prevus)
        for code, libelle in COURTS.items()
        if (constates := [lu[code] for lu, _ in parts if code in lu])
        and (prevus := [lu[code] for _, lu in parts if code in lu])
    ]
    if not missions:
        return None
    mieux = max(missions, key=lambda m: median(m[1]))
    return build_graphique(
        titre=f"{mieux[0]} est la mission la plus avancée : {median(mieux[1]) * 100:.0f}\u00a0% constatés",
        etiquettes=[libelle for libelle, _, _ in missions],
        series=[
            Serie("Constaté", [round(median(constates) * 100, 1) for _, constates, _ in missions]),
            Serie("Constaté et à confirmer", [round(median(prevus) * 100, 1) for _, _, prevus in missions]),
        ],
        genre="barres",
        axe_y="% de la part variable",
        axe_x=f"médiane de {compter(len(parts), 'contrat en vigueur', 'contrats en vigueur')}",
    )
