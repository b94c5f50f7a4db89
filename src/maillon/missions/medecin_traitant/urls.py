"""Addresses of the desk: public, signed links, desk, doctors, who files for others."""

from django.urls import path

from .views import (
    arrivees,
    campagnes,
    chiffres,
    depots,
    ensemble,
    fiches,
    guichet,
    liens,
    medecins,
    places,
    publiques,
    renforts,
)

PUBLIC = "p/<slug:slug>/medecin-traitant/"
GUICHET = "c/<slug:slug>/acces/medecin-traitant/"
FICHE = GUICHET + "<uuid:demande_id>/"
ACCES = "c/<slug:slug>/acces/"
PLACES = GUICHET + "places/"
CAMPAGNE = PLACES + "campagnes/<uuid:campagne_id>/"
RENFORT = PLACES + "renforts/<uuid:renfort_id>/"
MOUVEMENT = PLACES + "mouvements/<uuid:mouvement_id>/"

urlpatterns = [
    path(PUBLIC, publiques.formulaire, name="medecin_traitant_formulaire"),
    path(PUBLIC + "suivi/", publiques.code_suivi, name="medecin_traitant_code_suivi"),
    path("l/<str:jeton>/suivi/", liens.suivi, name="medecin_traitant_suivi"),
    path("l/<str:jeton>/reponse/", liens.reponse, name="medecin_traitant_reponse"),
    path(GUICHET, guichet.liste, name="medecin_traitant_liste"),
    path(GUICHET + "terminees/", guichet.liste_terminees, name="medecin_traitant_terminees"),
    path(GUICHET + "nouvelle/", guichet.nouvelle, name="medecin_traitant_nouvelle"),
    path(GUICHET + "chiffres/", chiffres.totaux, name="medecin_traitant_totaux"),
    path(PLACES, places.places, name="medecin_traitant_places"),
    path(PLACES + "<uuid:professionnel_id>/", places.places_medecin, name="medecin_traitant_places_medecin"),
    path(
        PLACES + "<uuid:professionnel_id>/reprendre/", places.places_reprendre, name="medecin_traitant_places_reprendre"
    ),
    path(PLACES + "ensemble/", ensemble.ensemble, name="medecin_traitant_places_ensemble"),
    path(PLACES + "campagnes/", campagnes.campagnes, name="medecin_traitant_campagnes"),
    path(PLACES + "campagnes/nouvelle/", campagnes.nouvelle, name="medecin_traitant_campagne_nouvelle"),
    path(CAMPAGNE, campagnes.campagne, name="medecin_traitant_campagne"),
    path(CAMPAGNE + "avancement/", campagnes.avancement, name="medecin_traitant_campagne_avancement"),
    path(CAMPAGNE + "clore/", campagnes.clore, name="medecin_traitant_campagne_clore"),
    path(CAMPAGNE + "<uuid:destinataire_id>/", campagnes.destinataire, name="medecin_traitant_destinataire"),
    path(CAMPAGNE + "<uuid:destinataire_id>/appel/", campagnes.appel, name="medecin_traitant_campagne_appel"),
    path(PLACES + "renforts/", renforts.renforts, name="medecin_traitant_renforts"),
    path(PLACES + "renforts/nouveau/", renforts.nouveau, name="medecin_traitant_renfort_nouveau"),
    path(RENFORT, renforts.renfort, name="medecin_traitant_renfort"),
    path(RENFORT + "terminer/", renforts.terminer, name="medecin_traitant_renfort_terminer"),
    path(RENFORT + "reprendre/", renforts.reprendre, name="medecin_traitant_renfort_reprendre"),
    path(PLACES + "mouvements/", arrivees.mouvements, name="medecin_traitant_mouvements"),
    path(PLACES + "mouvements/nouveau/", arrivees.nouveau, name="medecin_traitant_mouvement_nouveau"),
    path(MOUVEMENT, arrivees.mouvement, name="medecin_traitant_mouvement"),
    path(MOUVEMENT + "annuler/", arrivees.annuler, name="medecin_traitant_mouvement_annuler"),
    path(MOUVEMENT + "remettre/", arrivees.remettre, name="medecin_traitant_mouvement_remettre"),
    path(FICHE, fiches.fiche, name="medecin_traitant_fiche"),
    path(FICHE + "qualifier/", fiches.qualifier, name="medecin_traitant_qualifier"),
    path(FICHE + "proposer/", fiches.proposer, name="medecin_traitant_proposer"),
    path(FICHE + "reponse/", fiches.repondre_pour_patient, name="medecin_traitant_repondre_pour_patient"),
    path(FICHE + "prevoir/", fiches.prevoir, name="medecin_traitant_prevoir"),
    path(FICHE + "clore/", fiches.clore, name="medecin_traitant_clore"),
    path(FICHE + "rouvrir/", fiches.rouvrir, name="medecin_traitant_rouvrir"),
    path(ACCES + "mes-places/", places.mes_places, name="medecin_traitant_mes_places"),
    path(ACCES + "mes-places/reprendre/", places.mes_places_reprendre, name="medecin_traitant_mes_places_reprendre"),
    path("l/<str:jeton>/places/", places.lien_places, name="medecin_traitant_lien_places"),
    path(ACCES + "mes-nouveaux-patients/", medecins.mes_patients, name="medecin_traitant_mes_patients"),
    path(ACCES + "mes-demandes/", depots.mes_demandes, name="medecin_traitant_mes_demandes"),
    path(ACCES + "mes-demandes/nouvelle/", depots.deposer, name="medecin_traitant_deposer"),
    path(ACCES + "mes-demandes/<uuid:demande_id>/", depots.ma_demande, name="medecin_traitant_ma_demande"),
]
