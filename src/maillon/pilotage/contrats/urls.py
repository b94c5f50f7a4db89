from django.urls import path

from .views import annee, contrat, indicateurs, preuves, territoire

app_name = "pilotage"

urlpatterns = [
    path("c/<slug:slug>/pilotage/", annee.annee, name="annee"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/", indicateurs.indicateur, name="indicateur"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/valeur/", indicateurs.ajouter_constat, name="ajouter_constat"),
    path(
        "c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/justificatif/", indicateurs.ajouter_preuve, name="ajouter_preuve"
    ),
    path("c/<slug:slug>/pilotage/justificatifs/", preuves.justificatifs, name="justificatifs"),
    path("c/<slug:slug>/pilotage/justificatifs/manquants/", preuves.manquants, name="manquants"),
    path("c/<slug:slug>/pilotage/justificatifs/<uuid:pk>/", preuves.justificatif, name="justificatif"),
    path("c/<slug:slug>/pilotage/justificatifs/<uuid:pk>/version/", preuves.remplacer, name="remplacer_preuve"),
    path("c/<slug:slug>/pilotage/justificatifs/<uuid:pk>/retirer/", preuves.retirer, name="retirer_preuve"),
    path("c/<slug:slug>/pilotage/justificatifs/<uuid:pk>/annuler/", preuves.annuler, name="annuler_preuve"),
    path("c/<slug:slug>/pilotage/contrat/", contrat.contrat, name="contrat"),
    path("c/<slug:slug>/pilotage/contrat/nouveau/", contrat.nouveau, name="nouveau"),
    path("c/<slug:slug>/pilotage/contrat/missions/<uuid:pk>/", contrat.demarrer_mission, name="demarrer_mission"),
    path("territoire/contrats/", territoire.contrats, name="territoire"),
    path("territoire/contrats/<uuid:contrat_id>/", territoire.contrat, name="territoire_contrat"),
    path(
        "territoire/contrats/<uuid:contrat_id>/indicateurs/<uuid:indicateur_id>/",
        territoire.indicateur,
        name="territoire_indicateur",
    ),
]
