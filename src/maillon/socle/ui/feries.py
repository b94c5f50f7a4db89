"""A date that somebody proposes may be a public holiday: the page says so beside it, and refuses nothing."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from maillon.regles.feries import compute_feries


def say_ferie(moment: date | datetime | None, departement: str) -> str:
    """« jour férié : Noël », or nothing; the day is that of the current zone."""
    if moment is None:
        return ""
    jour = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    nom = compute_feries(jour, jour + timedelta(days=1), departement).get(jour)
    return f"jour férié : {nom}" if nom else ""
