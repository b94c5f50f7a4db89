from django.urls import path

from . import FOURNISSEUR, views

urlpatterns = [
    path("psc/aller/", views.aller, name=f"{FOURNISSEUR}_login"),
    path("psc/retour/", views.revenir, name=f"{FOURNISSEUR}_callback"),
]
