from django.urls import path

from .views import abonnements, agenda

app_name = "agenda"

BASE = "c/<slug:slug>/agenda/"

urlpatterns = [
    path(BASE, agenda.agenda, name="agenda"),
    path(f"{BASE}abonnements/", abonnements.abonnements, name="abonnements"),
    path(f"{BASE}abonnements/ouvrir/", abonnements.ouvrir, name="flux_ouvrir"),
    path(f"{BASE}abonnements/<uuid:pk>/fermer/", abonnements.fermer, name="flux_fermer"),
    path(f"{BASE}externes/ajouter/", abonnements.ajouter, name="externe_ajouter"),
    path(f"{BASE}externes/<uuid:pk>/relire/", abonnements.relire, name="externe_relire"),
    path(f"{BASE}externes/<uuid:pk>/retirer/", abonnements.retirer, name="externe_retirer"),
    path("l/<str:jeton>/agenda.ics", agenda.flux, name="flux"),
]
