from django.urls import path

from . import views, vues

urlpatterns = [
    path("vues/", vues.vues, name="vues"),
    path("galerie/", views.galerie, name="galerie"),
    path("galerie/compte/", views.galerie_compte, name="galerie_compte"),
    path("galerie/public/", views.galerie_publique, name="galerie_publique"),
    path("galerie/formulaire/", views.galerie_formulaire, name="galerie_formulaire"),
    path("galerie/liste/<int:nombre>/", views.galerie_liste, name="galerie_liste"),
    path("galerie/fiche/<int:numero>/", views.galerie_fiche, name="galerie_fiche"),
]
