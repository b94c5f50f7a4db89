from django.urls import path

from .views import doublons, reprises

app_name = "reprise"
REPRISES = "c/<slug:slug>/communaute/reprise/"
DOUBLONS = f"{REPRISES}doublons/"

urlpatterns = [
    path(REPRISES, reprises.reprises, name="reprises"),
    path(f"{REPRISES}nouvelle/", reprises.nouvelle, name="nouvelle"),
    path(f"{REPRISES}<uuid:pk>/", reprises.reprise, name="reprise"),
    path(f"{REPRISES}<uuid:pk>/colonnes/", reprises.colonnes, name="colonnes"),
    path(f"{REPRISES}<uuid:pk>/avancement/", reprises.avancement, name="avancement"),
    path(f"{REPRISES}<uuid:pk>/decider/", reprises.decider, name="decider"),
    path(f"{REPRISES}<uuid:pk>/appliquer/", reprises.appliquer, name="appliquer"),
    path(f"{REPRISES}<uuid:pk>/abandonner/", reprises.abandonner, name="abandonner"),
    path(f"{REPRISES}<uuid:pk>/annuler/", reprises.annuler, name="annuler"),
    path(DOUBLONS, doublons.doublons, name="doublons"),
    path(f"{DOUBLONS}<uuid:gardee>/<uuid:absorbee>/", doublons.reunir, name="reunir"),
    path(f"{DOUBLONS}<uuid:gardee>/<uuid:absorbee>/distinguer/", doublons.distinguer, name="distinguer"),
    path(f"{DOUBLONS}fusions/<uuid:pk>/annuler/", doublons.annuler, name="annuler_fusion"),
]
