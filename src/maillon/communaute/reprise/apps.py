from django.apps import AppConfig


class RepriseConfig(AppConfig):
    name = "maillon.communaute.reprise"
    label = "reprise"
    default_auto_field = "django.db.models.BigAutoField"
