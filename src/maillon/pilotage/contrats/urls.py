from django.urls import path

from .views import annee, catalogue, contrat, indicateurs, territoire

app_name = "pilotage"

urlpatterns = [
    path("c/<slug:slug>/pilotage/", annee.annee, name="annee"),
    path("c/<slug:slug>/pilotage/indicateurs/", catalogue.indicateurs, name="indicateurs"),
    path("c/<slug:slug>/pilotage/indicateurs/catalogue/", catalogue.national, name="catalogue"),
    path("c/<slug:slug>/pilotage/indicateurs/coherence/", catalogue.coherence, name="coherence"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/", indicateurs.indicateur, name="indicateur"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/valeur/", indicateurs.ajouter_constat, name="ajouter_constat"),
    path(
        "c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/justificatif/", indicateurs.ajouter_preuve, name="ajouter_preuve"
    ),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/fiche/", catalogue.fiche, name="fiche"),
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
