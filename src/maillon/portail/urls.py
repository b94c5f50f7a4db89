from django.urls import path

from . import recherche, views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("c/<slug:slug>/", views.accueil_cpts, name="accueil_cpts"),
    path("c/<slug:slug>/recherche/", recherche.recherche, name="recherche"),
    path("territoire/", views.accueil_territoire, name="accueil_territoire"),
    path("p/<slug:slug>/", views.page_publique, name="page_publique"),
]
