"""The lines of the menu."""

from maillon.socle.declarations import (
    EntreeMenu,
)

from .. import permissions

RUBRIQUE = "Accès aux soins"

MENU = (
    EntreeMenu(
        "Ma journée au guichet",
        "medecin_traitant_journee",
        "phone",
        RUBRIQUE,
        permission=permissions.GERER,
        ordre=9,
        telephone=True,
        court="Journée",
    ),
    EntreeMenu(
        "Médecin traitant",
        "medecin_traitant_liste",
        "stethoscope",
        RUBRIQUE,
        permission=permissions.GERER,
        ordre=10,
        telephone=True,
        court="Demandes",
    ),
    EntreeMenu(
        "Mes places",
        "medecin_traitant_mes_places",
        "stethoscope",
        RUBRIQUE,
        permission=permissions.REPONDRE,
        ordre=13,
    ),
    EntreeMenu(
        "Places des médecins",
        "medecin_traitant_places",
        "list-check",
        RUBRIQUE,
        permission=permissions.GERER,
        ordre=11,
    ),
    EntreeMenu(
        "Carte des places",
        "medecin_traitant_places_ensemble",
        "map-2",
        RUBRIQUE,
        permission=permissions.VOIR_TOTAUX,
        ordre=15,
        sous="medecin_traitant_totaux",
    ),
    EntreeMenu(
        "Mes patients",
        "medecin_traitant_mes_patients",
        "users",
        RUBRIQUE,
        permission=permissions.REPONDRE,
        ordre=12,
        telephone=True,
        court="Patients",
    ),
    EntreeMenu(
        "Ce qui m’a été demandé",
        "medecin_traitant_mes_chiffres",
        "chart-bar",
        RUBRIQUE,
        permission=permissions.REPONDRE,
        ordre=15,
        sous="sollicitations:liste",
    ),
    EntreeMenu(
        "Mes demandes déposées",
        "medecin_traitant_mes_demandes",
        "user-plus",
        RUBRIQUE,
        permission=permissions.DEPOSER,
        ordre=13,
        telephone=True,
        court="Déposées",
    ),
    EntreeMenu(
        "Le guichet en chiffres",
        "medecin_traitant_totaux",
        "chart-bar",
        RUBRIQUE,
        permission=permissions.VOIR_TOTAUX,
        ordre=14,
    ),
    EntreeMenu(
        "Demande pour une personne que je suis",
        "medecin_traitant_deposer",
        "user-plus",
        "Nouveau",
        permission=permissions.DEPOSER,
        ordre=11,
    ),
    EntreeMenu(
        "Liste d’attente à reprendre",
        "medecin_traitant_liste_nouvelle",
        "upload",
        "Nouveau",
        permission=permissions.GERER,
        ordre=51,
    ),
    EntreeMenu(
        "Demande de médecin traitant",
        "medecin_traitant_nouvelle",
        "stethoscope",
        "Nouveau",
        permission=permissions.GERER,
        ordre=10,
    ),
)
