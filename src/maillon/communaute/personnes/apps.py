from django.apps import AppConfig


class PersonnesConfig(AppConfig):
    name = "maillon.communaute.personnes"
    label = "personnes"
    default_auto_field = "django.db.models.BigAutoField"
