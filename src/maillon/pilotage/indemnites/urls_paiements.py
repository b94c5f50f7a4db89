"""Statements, transfers and yearly tables."""

from django.urls import path

from .views import etats, paiements

BASE = "c/<slug:slug>/pilotage/indemnites/"
CAMPAGNE = f"{BASE}paiements/<uuid:pk>/"
VIREMENT = f"{BASE}virements/<uuid:pk>/"

urlpatterns = [
    path(f"{BASE}paiements/", paiements.campagnes, name="campagnes"),
    path(f"{BASE}paiements/nouveau/", paiements.campagne_nouvelle, name="campagne_nouvelle"),
    path(f"{BASE}paiements/banque/", paiements.banque, name="banque"),
    path(f"{BASE}paiements/compte/", paiements.compte, name="compte"),
    path(CAMPAGNE, paiements.campagne, name="campagne"),
    path(f"{CAMPAGNE}emettre/", paiements.campagne_emettre, name="campagne_emettre"),
    path(f"{CAMPAGNE}fichier/", paiements.campagne_fichier, name="campagne_fichier"),
    path(f"{CAMPAGNE}annuler/", paiements.campagne_annuler, name="campagne_annuler"),
    path(f"{CAMPAGNE}payer/", paiements.campagne_payer, name="campagne_payer"),
    path(f"{VIREMENT}ecarter/", paiements.virement_ecarter, name="virement_ecarter"),
    path(f"{VIREMENT}remettre/", paiements.virement_remettre, name="virement_remettre"),
    path(f"{VIREMENT}rejeter/", paiements.virement_rejeter, name="virement_rejeter"),
    path(f"{BASE}das2/", etats.das2, name="das2"),
    path(f"{BASE}personnes/<uuid:pk>/compte/", etats.compte_personne, name="compte_personne"),
    path(f"{BASE}employeurs/<uuid:pk>/compte/", etats.compte_employeur, name="compte_employeur"),
    path(f"{BASE}personnes/<uuid:pk>/<slug:genre>.pdf", etats.de_personne, name="etat_personne"),
    path("c/<slug:slug>/mes-indemnites/compte/", etats.mon_compte, name="mon_compte"),
    path("c/<slug:slug>/mes-indemnites/<slug:genre>.pdf", etats.mien, name="mon_etat"),
]
