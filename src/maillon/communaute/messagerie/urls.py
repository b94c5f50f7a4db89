"""Addresses of the messages: conversations, threads about patients, MSSanté, announcements, mailings."""

from django.urls import path

from .views import annonces, conversations, envois, fils, liens, mssante

app_name = "messagerie"
_M = "c/<slug:slug>/messages/"
_P = f"{_M}patients/"
_F = f"{_P}fil/<uuid:pk>/"
_A = "c/<slug:slug>/annonces/"
_E = "c/<slug:slug>/envois/"

urlpatterns = [
    path(_M, conversations.conversations, name="conversations"),
    path(f"{_M}nouveau/", conversations.nouvelle, name="nouvelle"),
    path(f"{_M}<uuid:pk>/", conversations.conversation, name="conversation"),
    path(f"{_M}<uuid:pk>/suite/", conversations.suite, name="suite"),
    path(f"{_M}<uuid:pk>/ajouter/", conversations.ajouter, name="ajouter"),
    path(f"{_M}<uuid:pk>/archiver/", conversations.archiver, name="archiver"),
    path(f"{_M}<uuid:pk>/quitter/", conversations.quitter, name="quitter"),
    path(f"{_M}<uuid:pk>/revenir/", conversations.revenir, name="revenir"),
    path(_P, fils.chercher, name="chercher"),
    path(f"{_P}<uuid:patient_id>/", fils.ouvrir, name="ouvrir"),
    path(_F, fils.fil, name="fil"),
    path(f"{_F}suite/", fils.suite, name="fil_suite"),
    path(f"{_F}ajouter/", fils.ajouter, name="fil_ajouter"),
    path(f"{_F}courrier/", fils.courrier, name="courrier"),
    path(f"{_F}document/<uuid:piece_id>/", fils.piece, name="piece"),
    path(f"{_F}document/<uuid:piece_id>/mssante/", mssante.envoyer, name="envoyer_mssante"),
    path(f"{_F}mssante/<uuid:envoi_id>/renvoyer/", mssante.renvoyer, name="renvoyer_mssante"),
    path(f"{_M}mssante/", mssante.boite, name="boite"),
    path(f"{_M}mssante/essayer/", mssante.essayer, name="essayer_boite"),
    path(f"{_M}mssante/oublier/", mssante.oublier, name="oublier_boite"),
    path(_A, annonces.annonces, name="annonces"),
    path(f"{_A}nouvelle/", annonces.nouvelle, name="nouvelle_annonce"),
    path(f"{_A}<uuid:pk>/", annonces.annonce, name="annonce"),
    path(f"{_A}<uuid:pk>/lue/", annonces.lue, name="annonce_lue"),
    path(f"{_A}<uuid:pk>/rappeler/", annonces.rappeler, name="rappeler_annonce"),
    path(f"{_A}<uuid:pk>/retirer/", annonces.retirer, name="retirer_annonce"),
    path(_E, envois.envois, name="envois"),
    path(f"{_E}nouveau/", envois.nouveau, name="nouvel_envoi"),
    path(f"{_E}<uuid:pk>/", envois.envoi, name="envoi"),
    path(f"{_E}<uuid:pk>/modifier/", envois.modifier, name="modifier_envoi"),
    path(f"{_E}<uuid:pk>/avancement/", envois.avancement, name="avancement"),
    path(f"{_E}<uuid:pk>/destinataires/", envois.destinataires, name="destinataires"),
    path(f"{_E}<uuid:pk>/essayer/", envois.essayer, name="essayer_envoi"),
    path(f"{_E}<uuid:pk>/lancer/", envois.lancer, name="lancer_envoi"),
    path(f"{_E}<uuid:pk>/renvoyer/", envois.renvoyer, name="renvoyer_envoi"),
    path(f"{_E}<uuid:pk>/copier/", envois.copier, name="copier_envoi"),
    path(f"{_E}<uuid:pk>/garder/", envois.garder, name="garder_envoi"),
    path(f"{_E}<uuid:pk>/supprimer/", envois.supprimer, name="supprimer_envoi"),
    path(f"{_E}<uuid:pk>/pieces/<uuid:fichier_id>/retirer/", envois.retirer_piece, name="retirer_piece"),
    path("l/<str:jeton>/desabonnement/", liens.desabonnement, name="desabonnement"),
]
