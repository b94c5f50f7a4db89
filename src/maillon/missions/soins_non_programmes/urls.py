"""Addresses of unscheduled care: one block a part."""

from django.urls import path

from .views import chiffres, simulation

BASE = "c/<slug:slug>/acces/soins/"

# chiffres_snp
CHIFFRES = f"{BASE}chiffres/"

urlpatterns_chiffres = [
    path(CHIFFRES, chiffres.ensemble, name="soins_chiffres"),
    path(f"{CHIFFRES}demander/", chiffres.demander_ouverture, name="soins_demander_ouverture"),
    path(f"{CHIFFRES}simulation/", simulation.simuler, name="soins_simulation"),
]

urlpatterns = [*urlpatterns_chiffres]
