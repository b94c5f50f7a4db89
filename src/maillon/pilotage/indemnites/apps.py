from django.apps import AppConfig


class IndemnitesConfig(AppConfig):
    name = "maillon.pilotage.indemnites"
    label = "indemnites"
    default_auto_field = "django.db.models.BigAutoField"
