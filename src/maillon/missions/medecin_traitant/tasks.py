"""Jobs of the desk."""

from uuid import UUID

from maillon.socle.taches import tache, tache_periodique

from . import services


@tache_periodique("medecin_traitant.echeances", cron="*/15 * * * *")
def echeances(*, cpts_id: UUID) -> None:
    """Patients who have not answered."""
    services.remind(cpts_id=cpts_id)


@tache_periodique("medecin_traitant.chaque_jour", cron="10 5 * * *")
def chaque_jour(*, cpts_id: UUID) -> None:
    """Owners gone, priorities that grow with the wait, traces of robots to forget."""
    services.give_orphans(cpts_id=cpts_id)
    services.refresh_priorites(cpts_id=cpts_id)
    services.forget_passages(cpts_id=cpts_id)


@tache("medecin_traitant.recensement_envoyer")
def recensement_envoyer(*, cpts_id: UUID, campagne_id: str) -> None:
    """The first mails of a campaign."""
    services.send_campagne(cpts_id=cpts_id, campagne_id=UUID(campagne_id))


@tache_periodique("medecin_traitant.recensement", cron="40 6 * * *")
def recensement(*, cpts_id: UUID) -> None:
    """Reminders of the campaign, departures whose day has come."""
    services.remind_campagne(cpts_id=cpts_id)
    services.apply_departs(cpts_id=cpts_id)
