from django.urls import path

from .views import annee, avenants, contrat, fin, indicateurs, territoire, versements

app_name = "pilotage"

urlpatterns = [
    path("c/<slug:slug>/pilotage/", annee.annee, name="annee"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/", indicateurs.indicateur, name="indicateur"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/valeur/", indicateurs.ajouter_constat, name="ajouter_constat"),
    path(
        "c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/justificatif/", indicateurs.ajouter_preuve, name="ajouter_preuve"
    ),
    path("c/<slug:slug>/pilotage/contrat/", contrat.contrat, name="contrat"),
    path("c/<slug:slug>/pilotage/contrat/nouveau/", contrat.nouveau, name="nouveau"),
    path("c/<slug:slug>/pilotage/contrat/missions/<uuid:pk>/", contrat.demarrer_mission, name="demarrer_mission"),
    path("c/<slug:slug>/pilotage/contrat/avenants/nouveau/", avenants.nouvel_avenant, name="nouvel_avenant"),
    path("c/<slug:slug>/pilotage/contrat/versements/", versements.versements, name="versements"),
    path("c/<slug:slug>/pilotage/contrat/versements/recevoir/", versements.recevoir, name="recevoir_versement"),
    path("c/<slug:slug>/pilotage/contrat/versements/decider/", versements.decider, name="decider_versement"),
    path("c/<slug:slug>/pilotage/contrat/versements/<uuid:pk>/retirer/", versements.retirer, name="retirer_versement"),
    path("c/<slug:slug>/pilotage/contrat/fin/", fin.fin, name="fin"),
    path("c/<slug:slug>/pilotage/contrat/fin/resilier/", fin.resilier, name="resilier"),
    path("c/<slug:slug>/pilotage/contrat/fin/renouveler/", fin.renouveler, name="renouveler"),
    path(
        "c/<slug:slug>/pilotage/contrat/<uuid:pk>/mettre-en-vigueur/", fin.mettre_en_vigueur, name="mettre_en_vigueur"
    ),
    path("territoire/contrats/", territoire.contrats, name="territoire"),
    path("territoire/contrats/<uuid:contrat_id>/", territoire.contrat, name="territoire_contrat"),
    path(
        "territoire/contrats/<uuid:contrat_id>/indicateurs/<uuid:indicateur_id>/",
        territoire.indicateur,
        name="territoire_indicateur",
    ),
]
