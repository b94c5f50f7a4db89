from django.urls import path

from .views import budget, cadre, echanges, operations, series

app_name = "budget"

BASE = "c/<slug:slug>/pilotage/budget/"

urlpatterns = [
    path(BASE, budget.accueil, name="accueil"),
    path(f"{BASE}enveloppe/", budget.poste, name="poste"),
    path(f"{BASE}operations/", operations.liste, name="operations"),
    path(f"{BASE}operations/nouvelle/", operations.nouvelle, name="operation_nouvelle"),
    path(f"{BASE}operations/<uuid:pk>/", operations.fiche, name="operation"),
    path(f"{BASE}operations/<uuid:pk>/modifier/", operations.modifier, name="operation_modifier"),
    path(f"{BASE}operations/<uuid:pk>/payer/", operations.payer, name="operation_payer"),
    path(f"{BASE}operations/<uuid:pk>/annuler/", operations.annuler, name="operation_annuler"),
    path(f"{BASE}operations/<uuid:pk>/retablir/", operations.retablir, name="operation_retablir"),
    path(f"{BASE}operations/<uuid:pk>/contrepasser/", operations.contrepasser, name="operation_contrepasser"),
    path(f"{BASE}operations/<uuid:pk>/piece/", operations.joindre, name="operation_piece"),
    path(f"{BASE}operations/<uuid:pk>/approuver/", operations.approuver, name="operation_approuver"),
    path(f"{BASE}operations/<uuid:pk>/refuser/", operations.refuser, name="operation_refuser"),
    path(f"{BASE}mensuelles/", series.liste, name="series"),
    path(f"{BASE}mensuelles/nouvelle/", series.nouvelle, name="serie_nouvelle"),
    path(f"{BASE}mensuelles/<uuid:pk>/arreter/", series.arreter, name="serie_arreter"),
    path(f"{BASE}previsionnel/", cadre.previsionnel, name="previsionnel"),
    path(f"{BASE}previsionnel/<uuid:pk>/", cadre.changer_ligne, name="ligne_changer"),
    path(f"{BASE}previsionnel/<uuid:pk>/retirer/", cadre.retirer_ligne, name="ligne_retirer"),
    path(f"{BASE}previsionnel/ajouter/", cadre.ajouter_ligne, name="ligne_ajouter"),
    path(f"{BASE}solde/", cadre.soldes, name="soldes"),
    path(f"{BASE}solde/noter/", cadre.noter_solde, name="solde_noter"),
    path(f"{BASE}reaffectations/", cadre.reaffectations, name="reaffectations"),
    path(f"{BASE}reaffectations/ajouter/", cadre.reaffecter, name="reaffecter"),
    path(f"{BASE}reglages/", cadre.reglages, name="reglages"),
    path(f"{BASE}reglages/compte/", cadre.compte, name="compte"),
    path(f"{BASE}importer/", echanges.importer, name="importer"),
    path(f"{BASE}importer/<uuid:pk>/", echanges.depot, name="import"),
    path(f"{BASE}importer/<uuid:pk>/appliquer/", echanges.appliquer, name="import_appliquer"),
    path(f"{BASE}importer/<uuid:pk>/abandonner/", echanges.abandonner, name="import_abandonner"),
    path(f"{BASE}classeur/", echanges.classeur, name="classeur"),
    path(f"{BASE}comptabilite/", echanges.comptabilite, name="comptabilite"),
]
