from django.urls import path

from . import views

app_name = "importations"
BASE = "c/<slug:slug>/pilotage/importations/"

urlpatterns = [
    path(BASE, views.importations, name="importations"),
    path(f"{BASE}nouvelle/", views.nouvelle, name="nouvelle"),
    path(f"{BASE}<uuid:pk>/", views.importation, name="importation"),
    path(f"{BASE}<uuid:pk>/colonnes/", views.colonnes, name="colonnes"),
    path(f"{BASE}<uuid:pk>/indicateurs/", views.libelles, name="libelles"),
    path(f"{BASE}<uuid:pk>/enregistrer/", views.confirmer, name="confirmer"),
    path(f"{BASE}<uuid:pk>/abandonner/", views.abandonner, name="abandonner"),
]
