"""The portfolio of contracts in the menu of the CPAM and the ARS."""

from maillon.pilotage.contrats.permissions import LIRE_TERRITOIRE
from maillon.socle.declarations import EntreeMenu

MENU = (
    EntreeMenu(
        "Contrats",
        "portefeuille:contrats",
        "signature",
        "Territoire",
        permission=LIRE_TERRITOIRE,
        ordre=10,
        telephone=True,
        de_cpts=False,
    ),
    EntreeMenu(
        "Comparer",
        "portefeuille:comparer",
        "chart-bar",
        "Territoire",
        permission=LIRE_TERRITOIRE,
        ordre=35,
        de_cpts=False,
    ),
)
