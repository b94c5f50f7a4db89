"""Jobs of unscheduled care."""

from uuid import UUID

from maillon.socle.taches import tache, tache_periodique

from . import services

# rendezvous


@tache_periodique("soins.minute", cron="* * * * *")
def minute(*, cpts_id: UUID) -> None:
    """Requests whose date has passed, then the reminders of appointments."""
    services.wake_demandes(cpts_id=cpts_id)
    services.remind_rendez_vous(cpts_id=cpts_id)


@tache("soins.garde")
def garde(*, cpts_id: UUID, demande_id: str) -> None:
    """Whoever is on duty is asked for a request that nobody took."""
    services.ask_de_garde(demande_id=UUID(demande_id))


@tache("soins.rechercher")
def rechercher(*, cpts_id: UUID, demande_id: str) -> None:
    """The appointment of a request fell through."""
    services.seek_again(demande_id=UUID(demande_id))
