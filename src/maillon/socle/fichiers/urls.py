from django.urls import path

from . import views

urlpatterns = [path("c/<slug:slug>/fichiers/<uuid:pk>/", views.telecharger, name="fichiers_telecharger")]
