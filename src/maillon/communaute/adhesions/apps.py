from django.apps import AppConfig


class AdhesionsConfig(AppConfig):
    name = "maillon.communaute.adhesions"
    label = "adhesions"
    default_auto_field = "django.db.models.BigAutoField"
