from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def install_promises(using: str, **kwargs: Any) -> None:
    from maillon.socle import promesses

    promesses.install(using=using)


class JournalConfig(AppConfig):
    name = "maillon.socle.journal"
    label = "journal"

    def ready(self) -> None:
        # Emitted once an app, after every migration has run: ours is enough.
        post_migrate.connect(install_promises, sender=self, dispatch_uid="maillon_promesses")
