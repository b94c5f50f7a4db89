"""Jobs of the desk."""

from uuid import UUID

from maillon.socle.taches import tache, tache_periodique

from . import services


@tache_periodique("medecin_traitant.echeances", cron="*/15 * * * *")
def echeances(*, cpts_id: UUID) -> None:
    """Patients who have not answered."""
    services.remind(cpts_id=cpts_id)
    services.ask_suites(cpts_id=cpts_id)


@tache_periodique("medecin_traitant.chaque_jour", cron="10 5 * * *")
def chaque_jour(*, cpts_id: UUID) -> None:
    """Owners gone, priorities that grow with the wait, traces of robots to forget."""
    services.give_orphans(cpts_id=cpts_id)
    services.give_taches(cpts_id=cpts_id)
    services.refresh_priorites(cpts_id=cpts_id)
    services.forget_passages(cpts_id=cpts_id)


@tache("medecin_traitant.priorites")
def priorites(*, cpts_id: UUID) -> None:
    """The weights changed: count again what is open."""
    services.refresh_priorites(cpts_id=cpts_id)
