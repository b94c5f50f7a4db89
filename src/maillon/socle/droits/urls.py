from django.urls import path

from . import demo, views

ACCES = "c/<slug:slug>/communaute/acces/"
MEMBRE = f"{ACCES}<uuid:membre_id>/"

urlpatterns = [
    path(ACCES, views.liste, name="acces_liste"),
    path(f"{ACCES}inviter/", views.inviter, name="acces_inviter"),
    path(MEMBRE, views.fiche, name="acces_fiche"),
    path(f"{MEMBRE}role/", views.donner_role, name="acces_donner_role"),
    path(f"{MEMBRE}mandats/<uuid:mandat_id>/fin/", views.retirer_role, name="acces_retirer_role"),
    path(f"{MEMBRE}fermer/", views.fermer, name="acces_fermer"),
    path(f"{MEMBRE}rouvrir/", views.rouvrir, name="acces_rouvrir"),
    path(f"{MEMBRE}relancer/", views.relancer, name="acces_relancer"),
    path("l/<str:jeton>/invitation/", views.invitation, name="invitation"),
    path("demo/", demo.liste, name="demo"),
    path("demo/entrer/", demo.entrer, name="demo_entrer"),
]
