from django.urls import path

from .views import annee, avenants, catalogue, contrat, fin, indicateurs, preuves, saisie, saisie_fin, versements

app_name = "pilotage"

urlpatterns = [
    path("c/<slug:slug>/pilotage/", annee.annee, name="annee"),
    path("c/<slug:slug>/pilotage/indicateurs/", catalogue.indicateurs, name="indicateurs"),
    path("c/<slug:slug>/pilotage/indicateurs/catalogue/", catalogue.national, name="catalogue"),
    path("c/<slug:slug>/pilotage/indicateurs/coherence/", catalogue.coherence, name="coherence"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/", indicateurs.indicateur, name="indicateur"),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/valeur/", indicateurs.ajouter_constat, name="ajouter_constat"),
    path(
        "c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/justificatif/", indicateurs.ajouter_preuve, name="ajouter_preuve"
    ),
    path("c/<slug:slug>/pilotage/indicateurs/<uuid:pk>/fiche/", catalogue.fiche, name="fiche"),
    path("c/<slug:slug>/pilotage/justificatifs/", preuves.justificatifs, name="justificatifs"),
    path("c/<slug:slug>/pilotage/justificatifs/manquants/", preuves.manquants, name="manquants"),
    path("c/<slug:slug>/pilotage/justificatifs/valeurs/", preuves.documents_valeurs, name="documents_valeurs"),
    path("c/<slug:slug>/pilotage/justificatifs/<uuid:pk>/", preuves.justificatif, name="justificatif"),
    path("c/<slug:slug>/pilotage/justificatifs/<uuid:pk>/version/", preuves.remplacer, name="remplacer_preuve"),
    path("c/<slug:slug>/pilotage/justificatifs/<uuid:pk>/retirer/", preuves.retirer, name="retirer_preuve"),
    path("c/<slug:slug>/pilotage/justificatifs/<uuid:pk>/annuler/", preuves.annuler, name="annuler_preuve"),
    path("c/<slug:slug>/pilotage/contrat/", contrat.contrat, name="contrat"),
    path("c/<slug:slug>/pilotage/contrat/nouveau/", contrat.nouveau, name="nouveau"),
    path("c/<slug:slug>/pilotage/contrat/saisie/", saisie.saisie, name="saisie"),
    path("c/<slug:slug>/pilotage/contrat/saisie/termes/", saisie.termes, name="saisie_termes"),
    path("c/<slug:slug>/pilotage/contrat/saisie/missions/", saisie.missions, name="saisie_missions"),
    path("c/<slug:slug>/pilotage/contrat/saisie/indicateurs/", saisie.indicateurs, name="saisie_indicateurs"),
    path("c/<slug:slug>/pilotage/contrat/saisie/passe/", saisie_fin.passe, name="saisie_passe"),
    path("c/<slug:slug>/pilotage/contrat/saisie/verifier/", saisie_fin.verifier, name="saisie_verifier"),
    path("c/<slug:slug>/pilotage/contrat/saisie/abandonner/", saisie_fin.abandonner, name="saisie_abandonner"),
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
    path(
        "c/<slug:slug>/pilotage/contrat/missions/<uuid:pk>/deploiement/",
        contrat.deployer_mission,
        name="deployer_mission",
    ),
]
