from django.urls import path

from . import views

urlpatterns = [
    path("c/<slug:slug>/journal/", views.lectures, name="journal"),
    path("c/<slug:slug>/journal/evenements/", views.evenements, name="journal_evenements"),
    path("c/<slug:slug>/journal/ecritures/", views.ecritures, name="journal_ecritures"),
]
