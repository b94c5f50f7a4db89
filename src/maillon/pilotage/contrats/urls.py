from django.urls import path

from .views import annee, contrat, indicateurs

app_name = "pilotage"

urlpatterns = [
    path("c/<slug:slug>/pilotage/", annee.annee, name="annee"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/", indicateurs.indicateur, name="indicateur"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/valeur/", indicateurs.ajouter_constat, name="ajouter_constat"),
    path(
        "c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/justificatif/", indicateurs.ajouter_preuve, name="ajouter_preuve"
    ),
    path("c/<slug:slug>/pilotage/contrat/", contrat.contrat, name="contrat"),
    path("c/<slug:slug>/pilotage/contrat/nouveau/", contrat.nouveau, name="nouveau"),
    path("c/<slug:slug>/pilotage/contrat/missions/<uuid:pk>/", contrat.demarrer_mission, name="demarrer_mission"),
    path(
        "c/<slug:slug>/pilotage/contrat/missions/<uuid:pk>/deploiement/",
        contrat.deployer_mission,
        name="deployer_mission",
    ),
]
