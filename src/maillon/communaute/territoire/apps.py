from django.apps import AppConfig


class TerritoireConfig(AppConfig):
    name = "maillon.communaute.territoire"
    label = "territoire"
    default_auto_field = "django.db.models.BigAutoField"
