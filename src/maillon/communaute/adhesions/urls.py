"""Addresses of the membership."""

from django.urls import path

from .views import campagnes, candidatures, cotisations, invitations, mandats, membres, publiques

COMMUNAUTE = "c/<slug:slug>/communaute/"
MEMBRES = COMMUNAUTE + "membres/"
MEMBRE = MEMBRES + "<uuid:pk>/"
RATTACHEMENT = MEMBRE + "professionnels/<uuid:rattachement_id>/"
CANDIDATURES = COMMUNAUTE + "candidatures/"
CANDIDATURE = CANDIDATURES + "<uuid:pk>/"
COTISATIONS = COMMUNAUTE + "cotisations/"
CAMPAGNE = COTISATIONS + "campagnes/<uuid:pk>/"
COTISATION = COTISATIONS + "<uuid:pk>/"
MANDATS = COMMUNAUTE + "mandats/"

urlpatterns = [
    path("p/<slug:slug>/adherer/", publiques.adherer, name="adhesions_adherer"),
    path("l/<str:jeton>/adhesion/", publiques.invitation, name="adhesions_invitation"),
    path("l/<str:jeton>/recu/", publiques.lien_recu, name="adhesions_lien_recu"),
    path(MEMBRES, membres.membres, name="adhesions_membres"),
    path(MEMBRES + "ajouter/", membres.admettre, name="adhesions_admettre"),
    path(MEMBRE, membres.adhesion, name="adhesions_adhesion"),
    path(MEMBRE + "terminer/", membres.terminer, name="adhesions_terminer"),
    path(MEMBRE + "reprendre/", membres.reprendre, name="adhesions_reprendre"),
    path(MEMBRE + "college/", membres.changer_college, name="adhesions_changer_college"),
    path(MEMBRE + "professionnels/", membres.rattacher, name="adhesions_rattacher"),
    path(RATTACHEMENT + "detacher/", membres.detacher, name="adhesions_detacher"),
    path(RATTACHEMENT + "rerattacher/", membres.rerattacher, name="adhesions_rerattacher"),
    path(RATTACHEMENT + "representer/", membres.representer, name="adhesions_representer"),
    path(CANDIDATURES, candidatures.liste, name="adhesions_candidatures"),
    path(CANDIDATURES + "decider/", candidatures.decider, name="adhesions_decider"),
    path(CANDIDATURES + "inviter/", invitations.inviter, name="adhesions_inviter"),
    path(CANDIDATURE, candidatures.fiche, name="adhesions_candidature"),
    path(CANDIDATURE + "accepter/", candidatures.accepter, name="adhesions_candidature_accepter"),
    path(CANDIDATURE + "refuser/", candidatures.refuser, name="adhesions_candidature_refuser"),
    path(CANDIDATURE + "annuler/", candidatures.annuler, name="adhesions_candidature_annuler"),
    path(CANDIDATURE + "retirer/", candidatures.retirer, name="adhesions_candidature_retirer"),
    path(CANDIDATURE + "identifier/", candidatures.identifier, name="adhesions_candidature_identifier"),
    path(CANDIDATURE + "relancer/", candidatures.relancer, name="adhesions_candidature_relancer"),
    path(COTISATIONS, campagnes.accueil, name="adhesions_cotisations"),
    path(COTISATIONS + "ouvrir/", campagnes.ouvrir, name="adhesions_campagne_ouvrir"),
    path(CAMPAGNE, campagnes.campagne, name="adhesions_campagne"),
    path(CAMPAGNE + "modifier/", campagnes.modifier, name="adhesions_campagne_modifier"),
    path(CAMPAGNE + "completer/", campagnes.completer, name="adhesions_campagne_completer"),
    path(CAMPAGNE + "clore/", campagnes.clore, name="adhesions_campagne_clore"),
    path(CAMPAGNE + "rouvrir/", campagnes.rouvrir, name="adhesions_campagne_rouvrir"),
    path(COTISATION, cotisations.fiche, name="adhesions_cotisation"),
    path(COTISATION + "regler/", cotisations.regler, name="adhesions_cotisation_regler"),
    path(COTISATION + "annuler/", cotisations.annuler, name="adhesions_cotisation_annuler"),
    path(COTISATION + "exempter/", cotisations.exempter, name="adhesions_cotisation_exempter"),
    path(COTISATION + "redemander/", cotisations.redemander, name="adhesions_cotisation_redemander"),
    path(COTISATIONS + "recus/<uuid:pk>/", cotisations.recu, name="adhesions_recu"),
    path(COMMUNAUTE + "mon-adhesion/", cotisations.mienne, name="adhesions_mienne"),
    path(MANDATS, mandats.liste, name="adhesions_mandats"),
    path(MANDATS + "noter/", mandats.donner, name="adhesions_mandat_donner"),
    path(MANDATS + "<uuid:pk>/finir/", mandats.finir, name="adhesions_mandat_finir"),
    path(COMMUNAUTE + "colleges/", mandats.colleges, name="adhesions_colleges"),
    path(COMMUNAUTE + "colleges/<slug:code>/", mandats.changer_college, name="adhesions_college"),
]
