"""What every change brings about."""

from uuid import UUID

from maillon.socle.taches import enqueue


def request_releve(cpts_id: UUID) -> None:
    """Ask for the figures that CPAM and ARS read to be written again; one waiting job is enough."""
    enqueue("pilotage.rafraichir", cpts_id=cpts_id, once=f"pilotage.rafraichir:{cpts_id}")


def request_suivi(cpts_id: UUID) -> None:
    """Ask for the deadlines to be written again: the app of the life cycle, above, keeps them."""
    enqueue("cycle.rafraichir", cpts_id=cpts_id, once=f"cycle.rafraichir:{cpts_id}")
