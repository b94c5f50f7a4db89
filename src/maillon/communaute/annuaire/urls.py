"""Addresses of the directory."""

from django.urls import path

from .views import fiches, imports, publiques, recherche

ANNUAIRE = "c/<slug:slug>/communaute/annuaire/"
FICHE = ANNUAIRE + "<slug:numero>/"
CORRECTION = ANNUAIRE + "corrections/<uuid:pk>/"

urlpatterns = [
    path("p/<slug:slug>/annuaire/", publiques.annuaire_public, name="annuaire_public"),
    path(ANNUAIRE, recherche.recherche, name="annuaire_recherche"),
    path(ANNUAIRE + "communes/", recherche.communes, name="annuaire_communes"),
    path(ANNUAIRE + "imports/", imports.imports, name="annuaire_imports"),
    path(ANNUAIRE + "ma-fiche/", fiches.mienne, name="annuaire_mienne"),
    path(CORRECTION + "garder/", fiches.garder, name="annuaire_garder"),
    path(CORRECTION + "abandonner/", fiches.abandonner, name="annuaire_abandonner"),
    path(CORRECTION + "reprendre/", fiches.reprendre, name="annuaire_reprendre"),
    path(FICHE, fiches.fiche, name="annuaire_fiche"),
    path(FICHE + "modifier/", fiches.modifier, name="annuaire_modifier"),
    path(FICHE + "lieux/<uuid:pk>/", fiches.corriger, name="annuaire_corriger"),
    path(FICHE + "inviter/", fiches.inviter, name="annuaire_inviter"),
]
