from django.urls import path

from . import views

urlpatterns = [
    path("p/<slug:slug>/donnees/", views.donnees, name="patients_donnees"),
    path("c/<slug:slug>/patients/<uuid:pk>/traces/", views.traces, name="patients_traces"),
]
