from django.apps import AppConfig


class PortefeuilleConfig(AppConfig):
    name = "maillon.pilotage.portefeuille"
    label = "portefeuille"
    default_auto_field = "django.db.models.BigAutoField"
