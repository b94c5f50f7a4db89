from django.urls import path

from . import views

urlpatterns = [path("c/<slug:slug>/communaute/membres/", views.membres, name="adhesions_membres")]
