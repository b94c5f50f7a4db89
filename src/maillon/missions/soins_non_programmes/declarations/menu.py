"""The lines of the menu: one tuple a part."""

from maillon.socle.declarations import EntreeMenu

from .. import permissions

RUBRIQUE = "Accès aux soins"

# chiffres_snp
MENU_CHIFFRES = (
    EntreeMenu(
        "Soins du jour en chiffres",
        "soins_chiffres",
        "chart-bar",
        RUBRIQUE,
        permission=permissions.VOIR_TOTAUX,
        ordre=29,
    ),
    EntreeMenu(
        "Simuler une présence",
        "soins_simulation",
        "scale",
        RUBRIQUE,
        permission=permissions.VOIR_TOTAUX,
        ordre=30,
        sous="soins_chiffres",
    ),
)

MENU = (*MENU_CHIFFRES,)
