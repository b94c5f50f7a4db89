"""gunicorn: threads for requests that wait on the database, and logs that hold neither query strings nor tokens."""

from __future__ import annotations

import gc
import os
from typing import Any

from gunicorn.glogging import Logger

from maillon.site.journaux import without_tokens


class JournalSansJetons(Logger):
    """An access log of method, path, status, duration: no address, no query string, no token."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> Any:
        atoms = super().atoms(resp, req, environ, request_time)
        atoms["U"] = without_tokens(environ.get("PATH_INFO") or "")
        return atoms


worker_class = "gthread"
workers = int(os.environ.get("MAILLON_PROCESSUS", "2"))
threads = int(os.environ.get("MAILLON_FILS", "4"))
timeout = 30
graceful_timeout = 10
keepalive = 5
accesslog = "-"
errorlog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(M)sms"
logger_class = JournalSansJetons
# Heartbeat files on a disk that stalls would have gunicorn kill healthy workers.
# gunicorn makes its own unpredictable names in it.
_MEMOIRE = "/dev/shm"  # noqa: S108 # nosec B108
worker_tmp_dir = _MEMOIRE if os.access(_MEMOIRE, os.W_OK) else None
proc_name = "maillon"
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Before the first request: load every page, then put what lives as long as the process out of the collector's way.

    A full collection goes through all that the house has loaded and stops every thread: one request in ten of a heavy
    page took twice its time.
    """
    from django.urls import get_resolver

    assert get_resolver().url_patterns
    gc.collect()
    gc.freeze()
