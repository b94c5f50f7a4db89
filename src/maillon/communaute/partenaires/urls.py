from django.urls import path

from .views import conventions, fiches, listes

app_name = "partenaires"
BASE = "c/<slug:slug>/communaute/partenaires/"
UN = f"{BASE}<uuid:structure_id>/"

urlpatterns = [
    path(BASE, listes.partenaires, name="partenaires"),
    path(f"{BASE}carte/", listes.carte, name="carte"),
    path(f"{BASE}ajouter/", listes.ajouter, name="ajouter"),
    path(f"{BASE}creer/", listes.creer, name="creer"),
    path(f"{BASE}conventions/", conventions.conventions, name="conventions"),
    path(UN, fiches.partenaire, name="partenaire"),
    path(f"{UN}modifier/", fiches.modifier, name="modifier"),
    path(f"{UN}terminer/", fiches.terminer, name="terminer"),
    path(f"{UN}reprendre/", fiches.reprendre, name="reprendre"),
    path(f"{UN}contacts/ajouter/", fiches.ajouter_contact, name="ajouter_contact"),
    path(f"{UN}contacts/<uuid:personne_id>/", fiches.modifier_contact, name="modifier_contact"),
    path(f"{UN}contacts/<uuid:personne_id>/retirer/", fiches.retirer_contact, name="retirer_contact"),
    path(f"{UN}contacts/<uuid:personne_id>/remettre/", fiches.remettre_contact, name="remettre_contact"),
    path(f"{UN}conventions/ajouter/", conventions.ajouter, name="ajouter_convention"),
    path(f"{UN}conventions/<uuid:pk>/", conventions.modifier, name="modifier_convention"),
    path(f"{UN}conventions/<uuid:pk>/resilier/", conventions.resilier, name="resilier"),
    path(f"{UN}conventions/<uuid:pk>/retablir/", conventions.retablir, name="retablir"),
]
