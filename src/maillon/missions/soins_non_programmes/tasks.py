"""Jobs of unscheduled care."""

from uuid import UUID

from maillon.socle.cpts.models import Cpts
from maillon.socle.taches import tache, tache_periodique

from . import services

# rendezvous


@tache_periodique("soins.minute", cron="* * * * *")
def minute(*, cpts_id: UUID) -> None:
    """Requests whose date has passed, then the reminders of appointments."""
    services.wake_demandes(cpts_id=cpts_id)
    services.remind_rendez_vous(cpts=Cpts.objects.get(pk=cpts_id))


@tache("soins.garde")
def garde(*, cpts_id: UUID, demande_id: str) -> None:
    """Whoever is on duty is asked for a request that nobody took."""
    services.ask_de_garde(demande_id=UUID(demande_id))


@tache("soins.rechercher")
def rechercher(*, cpts_id: UUID, demande_id: str) -> None:
    """The appointment of a request fell through."""
    services.seek_again(demande_id=UUID(demande_id))


# creneaux


@tache_periodique("soins.retenues", cron="* * * * *")
def retenues(*, cpts_id: UUID) -> None:
    """Holds that nobody confirmed."""
    services.expire_retenues()


@tache_periodique("soins.remplir", cron="20 3 * * *")
def remplir(*, cpts_id: UUID) -> None:
    """The slots of six weeks ahead, and the calendars kept elsewhere."""
    cpts = Cpts.objects.get(pk=cpts_id)
    services.fill_plages(cpts=cpts)
    services.refresh_occupations(cpts=cpts)


@tache_periodique("soins.matin", cron="*/10 * * * *")
def matin(*, cpts_id: UUID) -> None:
    """« Combien de places aujourd’hui ? », at the morning of each community's clock."""
    services.ask_matin(cpts=Cpts.objects.get(pk=cpts_id))


@tache("soins.occupations")
def occupations(*, cpts_id: UUID, professionnel_id: str) -> None:
    """A calendar was read, an absence was said: the slots of one professional follow."""
    services.refresh_occupations(cpts=Cpts.objects.get(pk=cpts_id), professionnel_ids=[UUID(professionnel_id)])
