from django.apps import AppConfig


class BibliothequeConfig(AppConfig):
    name = "maillon.communaute.bibliotheque"
    label = "bibliotheque"
    default_auto_field = "django.db.models.BigAutoField"
