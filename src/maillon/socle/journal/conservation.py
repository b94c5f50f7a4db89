"""The end of the journal's retention: only the owner of the tables can erase, whole sealed batches at a time."""

from calendar import monthrange
from datetime import datetime

from django.conf import settings
from django.db import transaction

from maillon.socle.horloge import now

from .models import Genre, Sceau
from .sceaux import LIVRES

PROPRIETAIRE = "proprietaire"


def _months_before(moment: datetime, months: int) -> datetime:
    total = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(total, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def get_limit(genre: Genre) -> datetime:
    """Rows older than this may go: accesses and technical history have each their setting, in months."""
    months = (
        settings.MAILLON_CONSERVATION_LECTURES_MOIS
        if genre is Genre.LECTURE
        else settings.MAILLON_CONSERVATION_JOURNAL_MOIS
    )
    return _months_before(now(), months)


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Erase, in all communities, the rows of the seals wholly older than the limit; returns rows by book.

    Needs the owner's connection. The seals stay and say when their rows went, so that the chain still verifies.
    """
    erased: dict[str, int] = {}
    for genre in Genre:
        old = Sceau.objects.using(PROPRIETAIRE).filter(
            genre=genre, purge_le__isnull=True, derniere_le__lt=get_limit(genre)
        )
        erased[genre.value] = 0
        for sceau in old.order_by("cpts_id", "numero"):
            rows = LIVRES[genre]._default_manager.using(PROPRIETAIRE).filter(cpts_id=sceau.cpts_id, pk__in=sceau.lignes)
            if dry_run:
                erased[genre.value] += rows.count()
                continue
            with transaction.atomic(using=PROPRIETAIRE):
                erased[genre.value] += rows.delete()[0]
                Sceau.objects.using(PROPRIETAIRE).filter(pk=sceau.pk).update(purge_le=now())
    return erased
