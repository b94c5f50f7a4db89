from django.urls import path

from . import views

app_name = "bibliotheque"

BASE = "c/<slug:slug>/communaute/documents/"

urlpatterns = [
    path(BASE, views.liste, name="liste"),
    path(f"{BASE}archives/", views.archives, name="archives"),
    path(f"{BASE}ajouter/", views.deposer, name="deposer"),
    path(f"{BASE}<uuid:pk>/", views.document, name="document"),
    path(f"{BASE}<uuid:pk>/modifier/", views.modifier, name="modifier"),
    path(f"{BASE}<uuid:pk>/version/", views.ajouter_version, name="version"),
    path(f"{BASE}<uuid:pk>/archiver/", views.archiver, name="archiver"),
    path(f"{BASE}<uuid:pk>/retablir/", views.retablir, name="retablir"),
]
