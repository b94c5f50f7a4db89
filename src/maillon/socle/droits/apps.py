from django.apps import AppConfig


class DroitsConfig(AppConfig):
    name = "maillon.socle.droits"
    label = "droits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401 – registers them
