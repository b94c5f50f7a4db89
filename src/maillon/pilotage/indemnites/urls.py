from django.urls import include, path

from .views import liens, lignes, miennes, suivi, tarifs

app_name = "indemnites"

BASE = "c/<slug:slug>/pilotage/indemnites/"
MIENNES = "c/<slug:slug>/mes-indemnites/"
LIGNE = f"{BASE}<slug:genre>/<uuid:pk>/"

urlpatterns = [
    path(MIENNES, miennes.accueil, name="miennes"),
    path(f"{MIENNES}declarer/", miennes.declarer, name="declarer"),
    path(f"{MIENNES}frais/", miennes.frais_nouveau, name="frais_nouveau"),
    path(f"{MIENNES}confirmer/", miennes.confirmer, name="confirmer"),
    path(f"{MIENNES}situation/", miennes.situation, name="situation"),
    path(BASE, suivi.accueil, name="accueil"),
    path(f"{BASE}lot/", suivi.lot, name="lot"),
    path(f"{BASE}participations/", suivi.participations, name="participations"),
    path(f"{BASE}frais/", suivi.frais, name="frais"),
    path(f"{BASE}personnes/", suivi.personnes, name="personnes"),
    path(f"{BASE}personnes/<uuid:pk>/", suivi.personne, name="personne"),
    path(f"{BASE}personnes/<uuid:pk>/situation/", suivi.situation_personne, name="situation_personne"),
    path(f"{BASE}personnes/<uuid:pk>/inviter/", suivi.inviter, name="inviter"),
    path(f"{BASE}saisir/", suivi.saisir, name="saisir"),
    path(f"{BASE}collecter/", suivi.collecter, name="collecter"),
    path(f"{BASE}tarifs/", tarifs.tarifs, name="tarifs"),
    path(f"{BASE}tarifs/<slug:quoi>/", tarifs.decider, name="decider"),
    path(f"{BASE}tarifs/<slug:quoi>/<uuid:pk>/clore/", tarifs.clore, name="clore"),
    path("", include("maillon.pilotage.indemnites.urls_paiements")),
    path(LIGNE, lignes.fiche, name="fiche"),
    path(f"{LIGNE}corriger/", lignes.corriger, name="corriger"),
    path(f"{LIGNE}retirer/", lignes.retirer, name="retirer"),
    path(f"{LIGNE}reprendre/", lignes.reprendre, name="reprendre"),
    path(f"{LIGNE}verifier/", lignes.verifier, name="verifier"),
    path(f"{LIGNE}approuver/", lignes.approuver, name="approuver"),
    path(f"{LIGNE}refuser/", lignes.refuser, name="refuser"),
    path(f"{LIGNE}contrepasser/", lignes.contrepasser, name="contrepasser"),
    path("l/<str:jeton>/indemnites/", liens.lien, name="lien"),
]
