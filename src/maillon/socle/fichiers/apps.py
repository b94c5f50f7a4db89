from django.apps import AppConfig


class FichiersConfig(AppConfig):
    name = "maillon.socle.fichiers"
    label = "fichiers"
    default_auto_field = "django.db.models.BigAutoField"
