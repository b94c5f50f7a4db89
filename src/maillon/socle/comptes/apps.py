from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "maillon.socle.comptes"
    label = "comptes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import signaux

        signaux.connect()
