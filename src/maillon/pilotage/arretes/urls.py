from django.urls import path

from . import views

app_name = "arretes"

urlpatterns = [
    path("c/<slug:slug>/pilotage/arretes/", views.arretes, name="arretes"),
    path("c/<slug:slug>/pilotage/arretes/nouveau/", views.nouveau, name="nouveau"),
    path("c/<slug:slug>/pilotage/arretes/<uuid:pk>/", views.arrete, name="arrete"),
    path("c/<slug:slug>/pilotage/arretes/<uuid:pk>/contenu.json", views.contenu, name="contenu"),
    path("territoire/contrats/<uuid:contrat_id>/arretes/", views.territoire_arretes, name="territoire_arretes"),
    path("territoire/contrats/<uuid:contrat_id>/arretes/<uuid:pk>/", views.territoire_arrete, name="territoire_arrete"),
    path(
        "territoire/contrats/<uuid:contrat_id>/arretes/<uuid:pk>/contenu.json",
        views.territoire_contenu,
        name="territoire_contenu",
    ),
]
