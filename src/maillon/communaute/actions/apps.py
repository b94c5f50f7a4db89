from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "maillon.communaute.actions"
    label = "actions"
    default_auto_field = "django.db.models.BigAutoField"
