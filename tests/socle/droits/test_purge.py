"""What leaves every night, outside any community."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from fabriques.droits import make_cpts
from maillon.socle import taches
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.models import Lien
from maillon.socle.droits.purge import purge_service
from maillon.socle.droits.services import create_lien

pytestmark = pytest.mark.django_db


def age(table: str, colonne: str, jours: int, cle: str, valeur: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {colonne} = now() - make_interval(days => %s) WHERE {cle} = %s", [jours, valeur]
        )


def test_what_is_over_leaves_and_the_rest_stays() -> None:
    cpts, maintenant = make_cpts(), timezone.now()
    for cle, jours in (("morte", -1), ("vive", 1)):
        Session.objects.create(session_key=cle, session_data="", expire_date=maintenant + timedelta(days=jours))
    for jours in (181, 179):
        tentative = AccessAttempt.objects.create(username="x", failures_since_start=1)
        age("axes_accessattempt", "attempt_time", jours, "id", tentative.pk)
    for jours in (31, 29):
        create_lien(but="essai", cpts_id=cpts.pk, objet_id=cpts.pk, expire_le=maintenant - timedelta(days=jours))
    with use_cpts(cpts.pk):
        for mot in ("finie", "recente", "attend"):
            taches.enqueue("courriels.envoyer", cpts_id=cpts.pk, message_id=mot)
    finie, recente, _ = ProcrastinateJob.objects.order_by("id").values_list("id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id IN (%s, %s)", [finie, recente])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id IN (%s, %s)", [finie, recente])
    age("procrastinate_events", "at", 8, "job_id", finie)
    cache.set("finie", 1)
    cache.set("vive", 1)
    age("comptes_cache", "expires", 1, "cache_key", cache.make_key("finie"))
    assert purge_service() == {"sessions": 1, "connexions": 1, "liens": 1, "taches": 1, "cache": 1}
    assert set(purge_service().values()) == {0}
    assert (Session.objects.get().pk, Lien.objects.count(), AccessAttempt.objects.count()) == ("vive", 1, 1)
    assert finie not in ProcrastinateJob.objects.values_list("id", flat=True)
    assert cache.get("vive") == 1, "shared by every process: it bounds the attempts at the second factor"
