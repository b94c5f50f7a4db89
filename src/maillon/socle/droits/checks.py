"""What `django-admin check --deploy` refuses."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def check_dpo(app_configs: Any, **options: Any) -> list[Error]:
    """Public notices name whom people write to about their data."""
    if settings.MAILLON_DPO and not settings.MAILLON_DPO.endswith("@example.org"):
        return []
    return [Error("MAILLON_DPO ne donne pas l’adresse du délégué à la protection des données.", id="maillon.E001")]
