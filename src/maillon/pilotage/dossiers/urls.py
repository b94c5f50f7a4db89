from django.urls import path

from .views import dossiers, tableau, territoire

app_name = "dossiers"

urlpatterns = [
    path("c/<slug:slug>/pilotage/dossiers/", dossiers.dossiers, name="dossiers"),
    path("c/<slug:slug>/pilotage/dossiers/tableau/", tableau.tableau, name="tableau"),
    path("c/<slug:slug>/pilotage/dossiers/tableau/relier/", tableau.relier, name="relier"),
    path("c/<slug:slug>/pilotage/dossiers/tableau/retirer/", tableau.retirer, name="retirer"),
    path("c/<slug:slug>/pilotage/dossiers/<uuid:pk>/", dossiers.dossier, name="dossier"),
    path("c/<slug:slug>/pilotage/dossiers/<uuid:pk>/avancement/", dossiers.avancement, name="avancement"),
    path("c/<slug:slug>/pilotage/dossiers/<uuid:pk>/relancer/", dossiers.relancer, name="relancer"),
    path("c/<slug:slug>/pilotage/dossiers/<uuid:pk>/transmettre/", dossiers.transmettre, name="transmettre"),
    path("territoire/dossiers/", territoire.dossiers, name="territoire"),
    path("territoire/dossiers/<uuid:pk>/", territoire.dossier, name="territoire_dossier"),
    path("territoire/dossiers/<uuid:pk>/<uuid:piece_id>/", territoire.telecharger, name="territoire_piece"),
]
