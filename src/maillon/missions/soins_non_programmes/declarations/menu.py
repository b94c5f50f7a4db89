"""The lines of the menu: one tuple a part."""

from maillon.socle.declarations import EntreeMenu

from .. import permissions

RUBRIQUE = "Accès aux soins"

MENU_RECHERCHE = (
    EntreeMenu(
        "Trouver un créneau",
        "soins_recherche",
        "search",
        RUBRIQUE,
        permission=permissions.CHERCHER,
        ordre=12,
        telephone=True,
        court="Trouver",
    ),
    EntreeMenu(
        "Demandes du jour",
        "soins_demandes",
        "urgent",
        RUBRIQUE,
        permission=permissions.CHERCHER,
        ordre=22,
        telephone=True,
        court="Du jour",
    ),
    EntreeMenu(
        "Rendez-vous donnés",
        "soins_rendez_vous_liste",
        "calendar-event",
        RUBRIQUE,
        permission=permissions.CHERCHER,
        ordre=23,
        sous="soins_recherche",
    ),
    EntreeMenu(
        "À prévenir",
        "soins_a_prevenir",
        "phone",
        RUBRIQUE,
        permission=permissions.OUVRIR,
        ordre=24,
        sous="soins_recherche",
    ),
    EntreeMenu(
        "Créneaux du jour",
        "soins_regulation",
        "search",
        RUBRIQUE,
        permission=permissions.REGULER,
        ordre=1,
        telephone=True,
        court="Trouver",
        de_cpts=False,
    ),
    EntreeMenu(
        "Demandes à reprendre",
        "soins_regulation_demandes",
        "urgent",
        RUBRIQUE,
        permission=permissions.REGULER,
        ordre=2,
        telephone=True,
        court="Demandes",
        de_cpts=False,
    ),
    EntreeMenu(
        "Mes rendez-vous donnés",
        "soins_regulation_donnes",
        "calendar-event",
        RUBRIQUE,
        permission=permissions.REGULER,
        ordre=3,
        telephone=True,
        court="Donnés",
        de_cpts=False,
    ),
    EntreeMenu(
        "Demande de soin du jour",
        "soins_demander",
        "urgent",
        "Nouveau",
        permission=permissions.CHERCHER,
        ordre=5,
    ),
)

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


MENU = (*MENU_RECHERCHE, *MENU_CRENEAUX, *MENU_CHIFFRES)
