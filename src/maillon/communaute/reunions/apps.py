from django.apps import AppConfig


class ReunionsConfig(AppConfig):
    name = "maillon.communaute.reunions"
    label = "reunions"
    default_auto_field = "django.db.models.BigAutoField"
