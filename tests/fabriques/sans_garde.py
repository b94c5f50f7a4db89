"""The web application without the locks that keep two people from one slot: the control of the races.

Served by gunicorn in the place of `maillon.site.wsgi` on a scratch database whose unique index is gone too, it is what
one writes without thinking of it: look, then write. Never imported by a test: it changes the code of its process.
"""

from uuid import UUID

from maillon.site.wsgi import application

# After the application, which sets Django up.
from maillon.missions.soins_non_programmes.models import Creneau  # isort: skip
from maillon.missions.soins_non_programmes.services import reservation  # isort: skip

__all__ = ["application"]


def read_creneau(creneau_id: UUID) -> Creneau:
    """What `lock_creneau` returns, without any lock."""
    return Creneau.objects.select_related("professionnel", "cpts").get(pk=creneau_id)


assert callable(reservation.lock_creneau)
reservation.lock_creneau = read_creneau
