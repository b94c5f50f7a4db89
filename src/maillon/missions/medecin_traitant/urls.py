"""Addresses of the desk: public, signed links, desk, doctors, who files for others."""

from django.urls import path

from .views import (
    chiffres,
    depots,
    fiches,
    gestes,
    guichet,
    journee,
    liens,
    lignes,
    lots,
    medecins,
    nouvelles,
    places,
    poids,
    publiques,
    repartitions,
    vie,
)

PUBLIC = "p/<slug:slug>/medecin-traitant/"
GUICHET = "c/<slug:slug>/acces/medecin-traitant/"
FICHE = GUICHET + "<uuid:demande_id>/"
REPARTITION = GUICHET + "repartition/<uuid:repartition_id>/"
LIGNE = REPARTITION + "lignes/<uuid:ligne_id>/"
ACCES = "c/<slug:slug>/acces/"

urlpatterns = [
    path(PUBLIC, publiques.formulaire, name="medecin_traitant_formulaire"),
    path(PUBLIC + "suivi/", publiques.code_suivi, name="medecin_traitant_code_suivi"),
    path("l/<str:jeton>/suivi/", liens.suivi, name="medecin_traitant_suivi"),
    path("l/<str:jeton>/reponse/", liens.reponse, name="medecin_traitant_reponse"),
    path(GUICHET, guichet.liste, name="medecin_traitant_liste"),
    path(GUICHET + "terminees/", guichet.liste_terminees, name="medecin_traitant_terminees"),
    path(GUICHET + "nouvelle/", guichet.nouvelle, name="medecin_traitant_nouvelle"),
    path(GUICHET + "chiffres/", chiffres.totaux, name="medecin_traitant_totaux"),
    path(GUICHET + "places/", places.places, name="medecin_traitant_places"),
    path(GUICHET + "places/<uuid:professionnel_id>/", places.places_medecin, name="medecin_traitant_places_medecin"),
    path(GUICHET + "repartition/", repartitions.repartir, name="medecin_traitant_repartir"),
    path(REPARTITION, repartitions.repartition, name="medecin_traitant_repartition"),
    path(REPARTITION + "avancement/", repartitions.avancement, name="medecin_traitant_repartition_avancement"),
    path(REPARTITION + "medecins/", repartitions.medecins, name="medecin_traitant_repartition_medecins"),
    path(REPARTITION + "communes/", repartitions.carte, name="medecin_traitant_repartition_carte"),
    path(REPARTITION + "recalculer/", repartitions.recalculer, name="medecin_traitant_repartition_recalculer"),
    path(REPARTITION + "envoyer/", repartitions.envoyer, name="medecin_traitant_repartition_envoyer"),
    path(REPARTITION + "abandonner/", repartitions.abandonner, name="medecin_traitant_repartition_abandonner"),
    path(LIGNE, lignes.ligne, name="medecin_traitant_repartition_ligne"),
    path(LIGNE + "decider/", lignes.decider, name="medecin_traitant_repartition_decider"),
    path(LIGNE + "remettre/", lignes.remettre, name="medecin_traitant_repartition_remettre"),
    path(FICHE, fiches.fiche, name="medecin_traitant_fiche"),
    path(FICHE + "qualifier/", gestes.qualifier, name="medecin_traitant_qualifier"),
    path(FICHE + "proposer/", fiches.proposer, name="medecin_traitant_proposer"),
    path(FICHE + "reponse/", gestes.repondre_pour_patient, name="medecin_traitant_repondre_pour_patient"),
    path(FICHE + "prevoir/", gestes.prevoir, name="medecin_traitant_prevoir"),
    path(FICHE + "clore/", gestes.clore, name="medecin_traitant_clore"),
    path(FICHE + "rouvrir/", gestes.rouvrir, name="medecin_traitant_rouvrir"),
    path(FICHE + "annuler-la-reponse/", gestes.annuler_reponse, name="medecin_traitant_annuler_reponse"),
    path(FICHE + "opposition/", gestes.opposer, name="medecin_traitant_opposer"),
    path(FICHE + "appels/", vie.appeler, name="medecin_traitant_appeler"),
    path(FICHE + "appels/<uuid:appel_id>/", vie.annuler_appel, name="medecin_traitant_annuler_appel"),
    path(FICHE + "taches/", vie.noter_tache, name="medecin_traitant_noter_tache"),
    path(FICHE + "taches/<uuid:tache_id>/", vie.finir_tache, name="medecin_traitant_finir_tache"),
    path(FICHE + "priorite/", vie.decider_priorite, name="medecin_traitant_decider_priorite"),
    path(FICHE + "priorite/rendre/", vie.rendre_priorite, name="medecin_traitant_rendre_priorite"),
    path(FICHE + "equipe/", vie.ajouter_equipier, name="medecin_traitant_ajouter_equipier"),
    path(FICHE + "equipe/revue/", vie.revoir_equipe, name="medecin_traitant_revoir_equipe"),
    path(FICHE + "equipe/<uuid:equipier_id>/", vie.retirer_equipier, name="medecin_traitant_retirer_equipier"),
    path(FICHE + "suite/", nouvelles.suite, name="medecin_traitant_suite"),
    path(GUICHET + "ma-journee/", journee.journee, name="medecin_traitant_journee"),
    path(GUICHET + "lot/", lots.lot, name="medecin_traitant_lot"),
    path(GUICHET + "priorite/", poids.poids, name="medecin_traitant_poids"),
    path("l/<str:jeton>/nouvelles/", nouvelles.donner, name="medecin_traitant_donner_nouvelles"),
    path(
        ACCES + "mes-nouveaux-patients/<uuid:demande_id>/",
        nouvelles.suite_par_medecin,
        name="medecin_traitant_suite_par_medecin",
    ),
    path(ACCES + "mes-places/", medecins.mes_places, name="medecin_traitant_mes_places"),
    path(ACCES + "mes-nouveaux-patients/", medecins.mes_patients, name="medecin_traitant_mes_patients"),
    path(ACCES + "mes-chiffres/", chiffres.mes_chiffres, name="medecin_traitant_mes_chiffres"),
    path(ACCES + "mes-demandes/", depots.mes_demandes, name="medecin_traitant_mes_demandes"),
    path(ACCES + "mes-demandes/nouvelle/", depots.deposer, name="medecin_traitant_deposer"),
    path(ACCES + "mes-demandes/<uuid:demande_id>/", depots.ma_demande, name="medecin_traitant_ma_demande"),
]
