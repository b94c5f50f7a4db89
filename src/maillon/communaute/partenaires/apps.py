from django.apps import AppConfig


class PartenairesConfig(AppConfig):
    name = "maillon.communaute.partenaires"
    label = "partenaires"
    default_auto_field = "django.db.models.BigAutoField"
