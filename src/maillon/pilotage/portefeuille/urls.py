from django.urls import path

from . import views

app_name = "portefeuille"

urlpatterns = [
    path("territoire/contrats/", views.contrats, name="contrats"),
    path("territoire/contrats/comparer/", views.comparer, name="comparer"),
    path("territoire/contrats/<uuid:contrat_id>/", views.contrat, name="contrat"),
    path(
        "territoire/contrats/<uuid:contrat_id>/indicateurs/<uuid:indicateur_id>/",
        views.indicateur,
        name="indicateur",
    ),
]
