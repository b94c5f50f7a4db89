from django.apps import AppConfig


class DialoguesConfig(AppConfig):
    name = "maillon.pilotage.dialogues"
    label = "dialogues"
    default_auto_field = "django.db.models.BigAutoField"
