"""Reading communities."""

from uuid import UUID

from maillon.socle.partage import shared

from .models import Cpts


@shared
def get_slug(cpts_id: UUID) -> str:
    """What names a community in the addresses of its pages."""
    return Cpts.objects.values_list("slug", flat=True).get(pk=cpts_id)
