"""Addresses of rosters."""

from django.urls import path

from .views import calculs, constats, liens, miennes, participants, postes, publiques, tableaux

GARDES = "c/<slug:slug>/gardes/"
TABLEAU = GARDES + "<uuid:pk>/"
VARIANTE = GARDES + "variantes/<uuid:variante_id>/"
POSTE = GARDES + "postes/<uuid:poste_id>/"
GARDE = GARDES + "garde/<uuid:garde_id>/"

urlpatterns = [
    path("p/<slug:slug>/gardes/", publiques.de_garde, name="gardes_public"),
    path("l/<str:jeton>/gardes/voeux/", liens.voeux, name="gardes_lien_voeux"),
    path("l/<str:jeton>/gardes/echange/", liens.echange, name="gardes_lien_echange"),
    path("l/<str:jeton>/gardes/", liens.miennes, name="gardes_lien_miennes"),
    path(GARDES, tableaux.liste, name="gardes_liste"),
    path(GARDES + "nouveau/", tableaux.nouveau, name="gardes_nouveau"),
    path(GARDES + "mes-gardes/", miennes.miennes, name="gardes_miennes"),
    path(GARDES + "passees/", constats.constats, name="gardes_constats"),
    path(GARDES + "voeux/<uuid:participant_id>/", participants.voeux, name="gardes_voeux"),
    path(GARDES + "participants/<uuid:participant_id>/", participants.participant, name="gardes_participant"),
    path(GARDES + "echanges/<uuid:echange_id>/", miennes.repondre, name="gardes_echange"),
    path(TABLEAU, tableaux.tableau, name="gardes_tableau"),
    path(TABLEAU + "regles/", tableaux.modifier, name="gardes_modifier"),
    path(TABLEAU + "etape/", tableaux.etape, name="gardes_etape"),
    path(TABLEAU + "imprimer/", tableaux.imprimer, name="gardes_imprimer"),
    path(TABLEAU + "participants/", participants.participants, name="gardes_participants"),
    path(TABLEAU + "ajouter/", postes.nouveau, name="gardes_poste_nouveau"),
    path(TABLEAU + "variantes/", calculs.variantes, name="gardes_variantes"),
    path(TABLEAU + "remplacer/", calculs.remplacer, name="gardes_remplacer"),
    path(VARIANTE, calculs.variante, name="gardes_variante"),
    path(VARIANTE + "avancement/", calculs.avancement, name="gardes_avancement"),
    path(VARIANTE + "retenir/", calculs.retenir, name="gardes_retenir"),
    path(POSTE, postes.poste, name="gardes_poste"),
    path(POSTE + "donner/", postes.donner, name="gardes_donner"),
    path(POSTE + "prendre/", miennes.prendre, name="gardes_prendre"),
    path(POSTE + "volontaires/", postes.volontaires, name="gardes_volontaires"),
    path(POSTE + "supprimer/", postes.supprimer, name="gardes_poste_supprimer"),
    path(GARDE + "reprendre/", postes.reprendre, name="gardes_reprendre"),
    path(GARDE + "echanger/", miennes.echanger, name="gardes_echanger"),
    path(GARDE + "ceder/", miennes.ceder, name="gardes_ceder"),
    path(GARDE + "recuperer/", miennes.recuperer, name="gardes_recuperer"),
    path(GARDE + "constat/", miennes.constater, name="gardes_constater"),
    path(GARDE + "constat/annuler/", miennes.constat_annuler, name="gardes_constat_annuler"),
    path(GARDE + "passation/", miennes.passation, name="gardes_passation"),
    path(GARDE + "passation/lue/", miennes.passation_lue, name="gardes_passation_lue"),
]
