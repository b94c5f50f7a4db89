"""Addresses of attendance, minutes and decisions."""

from django.urls import path

from .views import comptes_rendus, decisions, liens_presences, presences

REUNION = "c/<slug:slug>/reunions/<uuid:pk>/"
PRESENCES = REUNION + "presences/"
COMPTE_RENDU = REUNION + "compte-rendu/"
TACHES = "c/<slug:slug>/taches/"

urlpatterns = [
    path(PRESENCES, presences.presences, name="presences"),
    path(PRESENCES + "code/", presences.code, name="presences_code"),
    path(PRESENCES + "tablette/", presences.tablette, name="presences_tablette"),
    path(PRESENCES + "liens/", presences.liens, name="presences_liens"),
    path(PRESENCES + "feuille/", presences.feuille, name="presences_feuille"),
    path(PRESENCES + "papier/", presences.papier, name="presences_papier"),
    path(PRESENCES + "ajouter/", presences.ajouter, name="presences_ajouter"),
    path(PRESENCES + "clore/", presences.clore, name="presences_clore"),
    path(PRESENCES + "<uuid:participation_id>/", presences.noter, name="presence_noter"),
    path(PRESENCES + "<uuid:participation_id>/heures/", presences.heures, name="presence_heures"),
    path("p/<slug:slug>/presence/<str:code>/", liens_presences.par_code, name="presence_code"),
    path("l/<str:jeton>/presence/", liens_presences.par_lien, name="lien_presence"),
    path("l/<str:jeton>/reunion/presence/", liens_presences.par_invitation, name="lien_invitation_presence"),
    path("l/<str:jeton>/emargement/", liens_presences.tablette, name="lien_tablette"),
    path("l/<str:jeton>/emargement/<uuid:participation_id>/", liens_presences.signer, name="lien_tablette_signer"),
    path("l/<str:jeton>/compte-rendu/", liens_presences.compte_rendu, name="lien_compte_rendu"),
    path("l/<str:jeton>/compte-rendu/pdf/", liens_presences.compte_rendu_pdf, name="lien_compte_rendu_pdf"),
    path(COMPTE_RENDU, comptes_rendus.compte_rendu, name="compte_rendu"),
    path(COMPTE_RENDU + "ecrire/", comptes_rendus.ecrire, name="compte_rendu_ecrire"),
    path(COMPTE_RENDU + "point/", comptes_rendus.ajouter_point, name="compte_rendu_point"),
    path(COMPTE_RENDU + "soumettre/", comptes_rendus.soumettre, name="compte_rendu_soumettre"),
    path(COMPTE_RENDU + "approuver/", comptes_rendus.approuver, name="compte_rendu_approuver"),
    path(COMPTE_RENDU + "reprendre/", comptes_rendus.reprendre, name="compte_rendu_reprendre"),
    path(COMPTE_RENDU + "projet/<str:genre>/", comptes_rendus.projet, name="compte_rendu_projet"),
    path(REUNION + "decisions/", decisions.ajouter_decision, name="decision_ajouter"),
    path(REUNION + "decisions/<uuid:decision_id>/retirer/", decisions.retirer_decision, name="decision_retirer"),
    path(REUNION + "taches/", decisions.ajouter_tache, name="tache_ajouter"),
    path(TACHES, decisions.mes_taches, name="mes_taches"),
    path(TACHES + "toutes/", decisions.taches, name="taches"),
    path(TACHES + "<uuid:tache_id>/faite/", decisions.faite, name="tache_faite"),
    path(TACHES + "<uuid:tache_id>/rouvrir/", decisions.rouvrir, name="tache_rouvrir"),
    path(TACHES + "<uuid:tache_id>/retirer/", decisions.retirer_tache, name="tache_retirer"),
]
