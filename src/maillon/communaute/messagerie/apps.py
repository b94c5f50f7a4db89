from django.apps import AppConfig


class MessagerieConfig(AppConfig):
    name = "maillon.communaute.messagerie"
    label = "messagerie"
    default_auto_field = "django.db.models.BigAutoField"
