from django.urls import path

from . import aide, recherche, views

urlpatterns = [
    path("", views.accueil, name="accueil"),
    path("c/<slug:slug>/", views.accueil_cpts, name="accueil_cpts"),
    path("c/<slug:slug>/recherche/", recherche.recherche, name="recherche"),
    path("territoire/", views.accueil_territoire, name="accueil_territoire"),
    path("aide/", aide.aide, name="aide"),
    path("aide/<slug:sujet>/", aide.aide_page, name="aide_page"),
    path("aide/pour/<str:nom>/", aide.aide_pour, name="aide_pour"),
    path("aide/images/<str:nom>", aide.aide_image, name="aide_image"),
    path("p/<slug:slug>/", views.page_publique, name="page_publique"),
]
