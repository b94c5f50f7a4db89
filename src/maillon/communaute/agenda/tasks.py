"""Jobs: reading the calendars kept elsewhere."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now
from maillon.socle.taches import tache_periodique, tache_sans_transaction

from .externes.erreurs import AgendaIllisible
from .externes.lecture import read_agenda
from .models import AgendaExterne
from .services import keep_echec, keep_lecture, request_lecture

PERIODE = timedelta(days=150)
# A little less than the period of the job, so that each turn finds what the former one read.
FRAICHEUR = timedelta(minutes=25)


@tache_sans_transaction("agenda.lire")
def lire(*, cpts_id: UUID, agenda_id: str) -> None:
    """Read one calendar; no transaction is open while its server is waited for. Run twice, it reads twice the same."""
    with use_cpts(cpts_id):
        agenda = AgendaExterne.objects.select_related("cpts").filter(pk=agenda_id).first()
    if agenda is None:
        return
    debut = now().replace(minute=0, second=0, microsecond=0)
    try:
        intervalles = read_agenda(
            agenda.genre,
            agenda.read_secrets(),
            debut=debut,
            fin=debut + PERIODE,
            fuseau=agenda.cpts.fuseau,
            local=settings.MAILLON_AGENDAS_LOCAUX,
        )
    except AgendaIllisible as motif:
        with use_cpts(cpts_id):
            keep_echec(agenda=agenda, phrase=str(motif))
        return
    with use_cpts(cpts_id):
        keep_lecture(agenda=agenda, intervalles=intervalles)


@tache_periodique("agenda.relire", cron="*/30 * * * *")
def relire(*, cpts_id: UUID) -> None:
    """Every half hour, ask again for the calendars not tried since; those of the demonstration exist nowhere.
    Those of people who have left are forgotten."""
    AgendaExterne.objects.filter(cpts_id=cpts_id, personne__partie_le__isnull=False).delete()
    perimes = Q(essaye_le=None) | Q(essaye_le__lt=now() - FRAICHEUR)
    for pk in AgendaExterne.objects.filter(perimes, cpts_id=cpts_id, cpts__fictive=False).values_list("pk", flat=True):
        request_lecture(cpts_id, pk)
