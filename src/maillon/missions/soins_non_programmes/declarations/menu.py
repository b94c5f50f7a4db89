"""The lines of the menu: one tuple a part."""

from maillon.socle.declarations import EntreeMenu

from .. import permissions

RUBRIQUE = "Accès aux soins"

MENU_CRENEAUX = (
    EntreeMenu(
        "Mes créneaux",
        "soins_mes_creneaux",
        "calendar",
        RUBRIQUE,
        permission=permissions.PUBLIER,
        ordre=5,
        telephone=True,
        court="Créneaux",
    ),
    EntreeMenu("Créneaux", "soins_plages", "calendar", RUBRIQUE, permission=permissions.GERER, ordre=31),
    EntreeMenu(
        "Réglages", "soins_reglages", "settings", RUBRIQUE, permission=permissions.REGLER, ordre=39, sous="soins_plages"
    ),
)

# chiffres_snp
MENU_CHIFFRES = (
    EntreeMenu(
        "Soins du jour en chiffres",
        "soins_chiffres",
        "chart-bar",
        RUBRIQUE,
        permission=permissions.VOIR_TOTAUX,
        ordre=32,
    ),
    EntreeMenu(
        "Simuler une présence",
        "soins_simulation",
        "scale",
        RUBRIQUE,
        permission=permissions.VOIR_TOTAUX,
        ordre=33,
        sous="soins_chiffres",
    ),
)

MENU = (*MENU_CRENEAUX, *MENU_CHIFFRES)
