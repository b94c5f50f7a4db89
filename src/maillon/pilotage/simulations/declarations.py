"""Simulations in the menu of a community and of an agent."""

from maillon.socle.declarations import EntreeMenu

from .permissions import SIMULER, SIMULER_TERRITOIRE

MENU = (
    EntreeMenu("Simuler", "simulations:contrat", "chart-dots", "Pilotage", permission=SIMULER, ordre=80),
    EntreeMenu(
        "Simuler un barème",
        "simulations:bareme",
        "chart-dots",
        "Territoire",
        permission=SIMULER_TERRITOIRE,
        ordre=40,
        de_cpts=False,
    ),
)
