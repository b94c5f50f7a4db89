from django.urls import path

from . import views

app_name = "actions"

BASE = "c/<slug:slug>/communaute/actions/"

urlpatterns = [
    path(BASE, views.liste, name="liste"),
    path(f"{BASE}annee/", views.annee, name="annee"),
    path(f"{BASE}nouvelle/", views.nouvelle, name="nouvelle"),
    path(f"{BASE}<uuid:pk>/", views.fiche, name="fiche"),
    path(f"{BASE}<uuid:pk>/fiche.pdf", views.pdf, name="pdf"),
    path(f"{BASE}<uuid:pk>/modifier/", views.modifier, name="modifier"),
    path(f"{BASE}<uuid:pk>/dupliquer/", views.dupliquer, name="dupliquer"),
    path(f"{BASE}<uuid:pk>/etat/<slug:etat>/", views.changer_etat, name="etat"),
    path(f"{BASE}<uuid:pk>/etapes/", views.ajouter_etape, name="ajouter_etape"),
    path(f"{BASE}<uuid:pk>/etapes/<uuid:etape_id>/<slug:geste>/", views.agir_etape, name="etape"),
    path(f"{BASE}<uuid:pk>/documents/", views.ajouter_document, name="ajouter_document"),
    path(f"{BASE}<uuid:pk>/documents/<uuid:document_id>/<slug:geste>/", views.lier_document, name="document"),
]
