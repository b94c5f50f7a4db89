from django.apps import AppConfig


class PilotageConfig(AppConfig):
    name = "maillon.pilotage.contrats"
    label = "pilotage"
    default_auto_field = "django.db.models.BigAutoField"
