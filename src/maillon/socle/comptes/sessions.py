"""How long a session lives, and how all of a person's sessions end at once.

A session remembers when it was opened and last used; the account remembers since when its sessions count.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from maillon.socle.horloge import now

from .models import Compte

OUVERTE = "maillon_ouverte_le"
VUE = "maillon_vue_le"
PAS_SECONDES = 30  # a page less than this after another does not write the session again


def stamp(session: SessionBase) -> None:
    """Note that this session opens now."""
    session[OUVERTE] = session[VUE] = now().timestamp()


def touch(session: SessionBase) -> None:
    """Note that this session is in use."""
    moment = now().timestamp()
    if moment - session.get(VUE, 0) >= PAS_SECONDES:
        session[VUE] = moment


def find_end(session: SessionBase, compte: Compte) -> str:
    """Why this session is over, as a sentence for the person; empty while it lives."""
    moment = now().timestamp()
    opened, seen = session.get(OUVERTE), session.get(VUE)
    if opened is None or seen is None:
        return "Votre session n’est plus valable. Connectez-vous de nouveau."
    if opened < compte.sessions_depuis.timestamp():
        return "Votre session a été fermée. Connectez-vous de nouveau."
    if moment - opened > settings.MAILLON_SESSION_ABSOLUE.total_seconds():
        return "Votre session a atteint sa durée maximale. Connectez-vous de nouveau."
    if moment - seen > settings.MAILLON_SESSION_INACTIVE.total_seconds():
        minutes = int(settings.MAILLON_SESSION_INACTIVE.total_seconds() // 60)
        return f"Session fermée après {minutes} minutes sans activité. Connectez-vous de nouveau."
    return ""


def end_sessions(compte: Compte, *, at: datetime | None = None) -> None:
    """End every session of this person, on every device, from their next request on."""
    compte.sessions_depuis = at or now()
    Compte.objects.filter(pk=compte.pk).update(sessions_depuis=compte.sessions_depuis)
