from django.urls import path

from . import views

app_name = "simulations"

urlpatterns = [
    path("c/<slug:slug>/pilotage/simulation/", views.contrat, name="contrat"),
    path("territoire/simulation/", views.bareme, name="bareme"),
]
