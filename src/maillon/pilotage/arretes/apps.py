from django.apps import AppConfig


class ArretesConfig(AppConfig):
    name = "maillon.pilotage.arretes"
    label = "arretes"
    default_auto_field = "django.db.models.BigAutoField"
