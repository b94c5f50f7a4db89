from django.urls import path

from . import views, views_territoire

app_name = "pilotage"

urlpatterns = [
    path("c/<slug:slug>/pilotage/", views.annee, name="annee"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/", views.indicateur, name="indicateur"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/valeur/", views.ajouter_constat, name="ajouter_constat"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/justificatif/", views.ajouter_preuve, name="ajouter_preuve"),
    path("c/<slug:slug>/pilotage/contrat/", views.contrat, name="contrat"),
    path("c/<slug:slug>/pilotage/contrat/nouveau/", views.nouveau, name="nouveau"),
    path("c/<slug:slug>/pilotage/contrat/missions/<uuid:pk>/", views.demarrer_mission, name="demarrer_mission"),
    path("territoire/contrats/", views_territoire.contrats, name="territoire"),
    path("territoire/contrats/<uuid:contrat_id>/", views_territoire.contrat, name="territoire_contrat"),
    path(
        "territoire/contrats/<uuid:contrat_id>/indicateurs/<uuid:indicateur_id>/",
        views_territoire.indicateur,
        name="territoire_indicateur",
    ),
]
