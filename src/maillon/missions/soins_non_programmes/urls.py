"""Addresses of unscheduled care: one list a part."""

from django.urls import path

from .views import chiffres, mes_creneaux, plages, reglages, simulation

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

urlpatterns = [*CRENEAUX, *CHIFFRES]
