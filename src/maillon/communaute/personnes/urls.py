"""Addresses of people and groups."""

from django.urls import path

from .views import groupes, personnes

COMMUNAUTE = "c/<slug:slug>/communaute/"
PERSONNES = COMMUNAUTE + "personnes/"
PERSONNE = PERSONNES + "<uuid:pk>/"
GROUPES = COMMUNAUTE + "groupes/"
GROUPE = GROUPES + "<uuid:pk>/"
DU_GROUPE = GROUPE + "personnes/<uuid:appartenance_id>/"

urlpatterns = [
    path(PERSONNES, personnes.liste, name="personnes_liste"),
    path(PERSONNES + "ajouter/", personnes.ajouter, name="personnes_ajouter"),
    path(PERSONNE, personnes.fiche, name="personnes_fiche"),
    path(PERSONNE + "modifier/", personnes.modifier, name="personnes_modifier"),
    path(PERSONNE + "partir/", personnes.partir, name="personnes_partir"),
    path(PERSONNE + "revenir/", personnes.revenir, name="personnes_revenir"),
    path(COMMUNAUTE + "mes-coordonnees/", personnes.coordonnees, name="personnes_coordonnees"),
    path(GROUPES, groupes.liste, name="personnes_groupes"),
    path(GROUPES + "ajouter/", groupes.ajouter, name="personnes_groupe_ajouter"),
    path(GROUPE, groupes.fiche, name="personnes_groupe"),
    path(GROUPE + "modifier/", groupes.modifier, name="personnes_groupe_modifier"),
    path(GROUPE + "fermer/", groupes.fermer, name="personnes_groupe_fermer"),
    path(GROUPE + "rouvrir/", groupes.rouvrir, name="personnes_groupe_rouvrir"),
    path(GROUPE + "composer/", groupes.composer, name="personnes_groupe_composer"),
    path(DU_GROUPE + "retirer/", groupes.retirer, name="personnes_groupe_retirer"),
    path(DU_GROUPE + "remettre/", groupes.remettre, name="personnes_groupe_remettre"),
    path(DU_GROUPE + "responsable/", groupes.responsable, name="personnes_groupe_responsable"),
]
