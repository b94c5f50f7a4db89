"""Addresses of unscheduled care: one list a part."""

from django.urls import path

from .views import (
    a_prevenir,
    chiffres,
    confirmations,
    demandes,
    depots,
    heures,
    liens,
    mes_creneaux,
    plages,
    recherche,
    reglages,
    regulation,
    rendez_vous,
    simulation,
)

SOINS = "c/<slug:slug>/acces/soins/"
PRO = SOINS + "professionnels/<uuid:professionnel_id>/"
PLAGE = SOINS + "plages/<uuid:plage_id>/"
CRENEAU = SOINS + "creneaux/<uuid:creneau_id>/"
RENDEZ_VOUS = SOINS + "rendez-vous/<uuid:rendez_vous_id>/"
LIEU = SOINS + "lieux/<uuid:lieu_id>/"

CRENEAUX = [
    path(SOINS + "mes-creneaux/", mes_creneaux.mes_creneaux, name="soins_mes_creneaux"),
    path(SOINS + "mes-creneaux/habitudes/", mes_creneaux.habitudes, name="soins_habitudes"),
    path(SOINS + "plages/", plages.plages, name="soins_plages"),
    path(SOINS + "plages/pour/", plages.choisir, name="soins_choisir"),
    path(PLAGE, plages.plage, name="soins_plage"),
    path(PLAGE + "retirer/", plages.retirer_plage, name="soins_plage_retirer"),
    path(PLAGE + "rouvrir/", plages.rouvrir_plage, name="soins_plage_rouvrir"),
    path(PRO, mes_creneaux.semaine, name="soins_semaine"),
    path(PRO + "places/", mes_creneaux.ouvrir_places, name="soins_ouvrir_places"),
    path(PRO + "plages/nouvelle/", plages.nouvelle, name="soins_plage_nouvelle"),
    path(PRO + "lieux/nouveau/", plages.nouveau_lieu, name="soins_lieu_nouveau"),
    path(PRO + "jours/<str:jour>/retirer/", mes_creneaux.retirer_jour, name="soins_jour_retirer"),
    path(PRO + "jours/<str:jour>/rouvrir/", mes_creneaux.rouvrir_jour, name="soins_jour_rouvrir"),
    path(CRENEAU + "retirer/", mes_creneaux.retirer_creneau, name="soins_creneau_retirer"),
    path(CRENEAU + "rouvrir/", mes_creneaux.rouvrir_creneau, name="soins_creneau_rouvrir"),
    path(RENDEZ_VOUS + "venue/", mes_creneaux.noter_venue, name="soins_venue"),
    path(RENDEZ_VOUS + "venue/annuler/", mes_creneaux.annuler_venue, name="soins_venue_annuler"),
    path(SOINS + "a-prevenir/", a_prevenir.liste, name="soins_a_prevenir"),
    path(RENDEZ_VOUS + "prevenu/", a_prevenir.noter, name="soins_prevenu"),
    path(PRO + "a-prevenir/annuler/", a_prevenir.annuler_tous, name="soins_annuler_chutes"),
    path(LIEU, plages.modifier_lieu, name="soins_lieu"),
    path(LIEU + "fermer/", plages.fermer_lieu, name="soins_lieu_fermer"),
    path(SOINS + "reglages/", reglages.reglages, name="soins_reglages"),
    path("l/<str:jeton>/places-du-jour/", mes_creneaux.lien_places, name="soins_lien_places"),
]

# chiffres_snp
CHIFFRES = [
    path(SOINS + "chiffres/", chiffres.ensemble, name="soins_chiffres"),
    path(SOINS + "chiffres/demander/", chiffres.demander_ouverture, name="soins_demander_ouverture"),
    path(SOINS + "chiffres/simulation/", simulation.simuler, name="soins_simulation"),
]

# rendezvous
DONNES = f"{SOINS}rendez-vous/"
UN = f"{DONNES}<uuid:rendez_vous_id>/"
DEMANDES = f"{SOINS}demandes/"
UNE = f"{DEMANDES}<uuid:demande_id>/"
REGULATION = "regulation/"
UN_REGULE = f"{REGULATION}rendez-vous/<uuid:rendez_vous_id>/"
UNE_REGULEE = f"{REGULATION}demandes/<uuid:demande_id>/"

RENDEZ_VOUS_ET_DEMANDES = [
    path(SOINS, recherche.recherche, name="soins_recherche"),
    path(f"{SOINS}retenir/", recherche.retenir, name="soins_retenir"),
    path(f"{SOINS}creneaux/<uuid:creneau_id>/en-plus/", confirmations.en_plus, name="soins_en_plus"),
    path(DONNES, rendez_vous.liste, name="soins_rendez_vous_liste"),
    path(UN, rendez_vous.rendez_vous, name="soins_rendez_vous"),
    path(f"{UN}confirmer/", confirmations.confirmer, name="soins_confirmer"),
    path(f"{UN}liberer/", confirmations.liberer, name="soins_liberer"),
    path(f"{UN}annuler/", rendez_vous.annuler, name="soins_annuler"),
    path(f"{UN}retablir/", rendez_vous.retablir, name="soins_retablir"),
    path(f"{UN}deplacer/", rendez_vous.deplacer, name="soins_deplacer"),
    path(f"{UN}constater/", rendez_vous.constater, name="soins_constater"),
    path(DEMANDES, demandes.jour, name="soins_demandes"),
    path(f"{DEMANDES}nouvelle/", depots.demander, name="soins_demander"),
    path(UNE, demandes.demande, name="soins_demande"),
    path(f"{UNE}repondre/", demandes.repondre, name="soins_repondre"),
    path(f"{UNE}annuler/", demandes.annuler, name="soins_annuler_demande"),
    path(f"{UNE}rouvrir/", demandes.rouvrir, name="soins_rouvrir"),
    path(f"{UNE}solliciter/", demandes.solliciter, name="soins_solliciter"),
    path(f"{UNE}heure/", heures.heure, name="soins_heure"),
    path("l/<str:jeton>/rendez-vous/", liens.rendez_vous, name="soins_lien_rendez_vous"),
    path("l/<str:jeton>/heure/", heures.lien_heure, name="soins_lien_heure"),
    path(REGULATION, regulation.recherche, name="soins_regulation"),
    path(f"{REGULATION}retenir/", regulation.retenir, name="soins_regulation_retenir"),
    path(f"{REGULATION}creneaux/<uuid:creneau_id>/", regulation.creneau, name="soins_regulation_creneau"),
    path(f"{REGULATION}rendez-vous/", regulation.donnes, name="soins_regulation_donnes"),
    path(UN_REGULE, regulation.rendez_vous, name="soins_regulation_rendez_vous"),
    path(f"{UN_REGULE}confirmer/", regulation.confirmer, name="soins_regulation_confirmer"),
    path(f"{UN_REGULE}liberer/", regulation.liberer, name="soins_regulation_liberer"),
    path(f"{UN_REGULE}annuler/", regulation.annuler, name="soins_regulation_annuler"),
    path(f"{UN_REGULE}retablir/", regulation.retablir, name="soins_regulation_retablir"),
    path(f"{UN_REGULE}deplacer/", regulation.deplacer, name="soins_regulation_deplacer"),
    path(f"{REGULATION}demandes/", regulation.demandes, name="soins_regulation_demandes"),
    path(f"{REGULATION}demandes/nouvelle/", regulation.demander, name="soins_regulation_demander"),
    path(UNE_REGULEE, regulation.demande, name="soins_regulation_demande"),
    path(f"{UNE_REGULEE}repondre/", regulation.repondre, name="soins_regulation_repondre"),
    path(f"{UNE_REGULEE}annuler/", regulation.annuler_demande, name="soins_regulation_annuler_demande"),
    path(f"{UNE_REGULEE}rouvrir/", regulation.rouvrir, name="soins_regulation_rouvrir"),
]

urlpatterns = [*CRENEAUX, *RENDEZ_VOUS_ET_DEMANDES, *CHIFFRES]
