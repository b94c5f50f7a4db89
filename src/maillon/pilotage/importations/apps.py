from django.apps import AppConfig


class ImportationsConfig(AppConfig):
    name = "maillon.pilotage.importations"
    label = "importations"
    default_auto_field = "django.db.models.BigAutoField"
