from django.apps import AppConfig


class CptsConfig(AppConfig):
    name = "maillon.socle.cpts"
    label = "cpts"
    default_auto_field = "django.db.models.BigAutoField"
