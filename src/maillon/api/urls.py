from django.urls import path

from .views import envois, fhir

urlpatterns = [
    path("fhir/metadata", fhir.metadata, name="fhir_metadata"),
    path("fhir/Slot", fhir.slot, name="fhir_slot"),
    path("fhir/Practitioner", fhir.practitioner, name="fhir_practitioner"),
    path("fhir/<path:reste>", fhir.autre, name="fhir_autre"),
    path("c/<slug:slug>/acces/sas/", envois.envois, name="sas_envois"),
    path("c/<slug:slug>/acces/sas/regulateurs/", envois.regulateurs, name="sas_regulateurs"),
    path("c/<slug:slug>/acces/sas/<uuid:pk>/renvoyer/", envois.renvoyer, name="sas_renvoyer"),
]
