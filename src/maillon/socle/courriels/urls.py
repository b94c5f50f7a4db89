from django.urls import path

from . import views

urlpatterns = [
    path("c/<slug:slug>/courriels/", views.courriels, name="courriels"),
    path("c/<slug:slug>/courriels/<uuid:pk>/renvoyer/", views.renvoyer, name="courriels_renvoyer"),
    path("demo/courriels/", views.boite_demo, name="boite_demo"),
    path("demo/courriels/<slug:slug>/<uuid:pk>/", views.message_demo, name="boite_demo_message"),
]
