from django.apps import AppConfig


class CourrielsConfig(AppConfig):
    name = "maillon.socle.courriels"
    label = "courriels"
    default_auto_field = "django.db.models.BigAutoField"
