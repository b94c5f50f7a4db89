"""What the service keeps for itself and no longer needs: sessions, sign-in attempts, links, finished jobs, cache."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from maillon.socle.horloge import now

from .models import Lien

TACHES_FINIES = """
DELETE FROM procrastinate_jobs job
WHERE job.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
  AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = job.id AND e.at >= %s)
"""


@transaction.atomic
def purge_service() -> dict[str, int]:
    """Delete what is over, outside any community; returns the number of rows by kind. Idempotent.

    Expired sessions and cache entries at once; sign-in attempts, dead links and finished jobs after the days of
    MAILLON_CONSERVATION_CONNEXIONS_JOURS, …_LIENS_JOURS and …_TACHES_JOURS.
    """
    # Sessions, attempts, queue and cache follow the server's clock, not the one that a demonstration moves.
    maintenant = timezone.now()
    connexions = maintenant - timedelta(days=settings.MAILLON_CONSERVATION_CONNEXIONS_JOURS)
    liens = now() - timedelta(days=settings.MAILLON_CONSERVATION_LIENS_JOURS)
    bilan = {"sessions": Session.objects.filter(expire_date__lt=maintenant).delete()[0]}
    bilan["connexions"] = sum(
        model.objects.filter(attempt_time__lt=connexions).delete()[0]
        for model in (AccessAttempt, AccessLog, AccessFailureLog)
    )
    bilan["liens"] = Lien.objects.filter(expire_le__lt=liens).delete()[0]
    with connection.cursor() as cursor:
        jours = timedelta(days=settings.MAILLON_CONSERVATION_TACHES_JOURS)
        cursor.execute(TACHES_FINIES, [maintenant - jours])
        bilan["taches"] = cursor.rowcount
        cursor.execute("DELETE FROM comptes_cache WHERE expires < now()")
        bilan["cache"] = cursor.rowcount
    return bilan
