"""Addresses of solicitations: one inbox for all missions, and the signed link of each solicitation."""

from django.urls import path

from .views import absences, liens, liste

app_name = "sollicitations"

BASE = "c/<slug:slug>/sollicitations/"
UNE = f"{BASE}<uuid:sollicitation_id>/"

urlpatterns = [
    path(BASE, liste.liste, name="liste"),
    path(f"{UNE}repondre/", liste.repondre, name="repondre"),
    path(f"{UNE}annuler-refus/", liste.annuler_refus, name="annuler_refus"),
    path(f"{UNE}revenir/", liste.revenir, name="revenir"),
    path(f"{BASE}absences/", absences.declarer, name="absence_declarer"),
    path(f"{BASE}absences/<uuid:absence_id>/retirer/", absences.retirer, name="absence_retirer"),
    path("l/<str:jeton>/sollicitation/", liens.sollicitation, name="lien"),
    # What mails sent before solicitations existed carry: their links live on.
    path("l/<str:jeton>/proposition/", liens.sollicitation, name="lien_ancien"),
]
