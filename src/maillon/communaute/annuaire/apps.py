from django.apps import AppConfig


class AnnuaireConfig(AppConfig):
    name = "maillon.communaute.annuaire"
    label = "annuaire"
    default_auto_field = "django.db.models.BigAutoField"
