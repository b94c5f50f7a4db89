"""Addresses of meetings."""

from django.urls import include, path

app_name = "reunions"

urlpatterns = [
    path("", include("maillon.communaute.reunions.urls_presences")),
]
