"""Own account, before the pages of django-allauth; those of its pages that Maillon does not offer answer 404."""

from django.urls import path, re_path

from . import views

ABSENTES = r"^compte/(?:signup|email|confirm-email|login/code|phone|3rdparty/(?:signup/)?$|social)"

urlpatterns = [
    path("compte/", views.compte, name="compte"),
    path("compte/fermer-sessions/", views.fermer_sessions, name="compte_fermer_sessions"),
    re_path(ABSENTES, views.absente, name="compte_absente"),
]
