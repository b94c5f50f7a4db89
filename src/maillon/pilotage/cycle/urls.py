from django.urls import path

from .views import jalons, territoire, vie

app_name = "cycle"

urlpatterns = [
    path("c/<slug:slug>/pilotage/cycle/", vie.vie, name="vie"),
    path("c/<slug:slug>/pilotage/cycle/signataires/", vie.signataires, name="signataires"),
    path("c/<slug:slug>/pilotage/cycle/echeances.ics", vie.agenda, name="agenda"),
    path("c/<slug:slug>/pilotage/cycle/association/", jalons.numeros, name="numeros"),
    path("c/<slug:slug>/pilotage/cycle/faits/ajouter/", jalons.ajouter, name="ajouter"),
    path("c/<slug:slug>/pilotage/cycle/faits/<uuid:pk>/", jalons.jalon, name="jalon"),
    path("c/<slug:slug>/pilotage/cycle/faits/<uuid:pk>/corriger/", jalons.corriger, name="corriger"),
    path("c/<slug:slug>/pilotage/cycle/faits/<uuid:pk>/annuler/", jalons.annuler, name="annuler"),
    path("territoire/echeances/", territoire.echeances, name="territoire"),
    path("territoire/echeances/echeances.ics", territoire.agenda, name="territoire_agenda"),
    path("territoire/communautes/<uuid:cpts_id>/vie/", territoire.communaute, name="territoire_vie"),
]
