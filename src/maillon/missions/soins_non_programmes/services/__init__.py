"""The services of unscheduled care."""

# creneaux
from .reservation import book, confirm, expire_retenues, hold, override, release
from .suites_rendez_vous import cancel, compute_empreinte, move, record_venue, undo_cancel, undo_venue
from .verrous import enter, lock_creneau, lock_professionnels, lock_rendez_vous

__all__ = [
    "book",
    "cancel",
    "compute_empreinte",
    "confirm",
    "enter",
    "expire_retenues",
    "hold",
    "lock_creneau",
    "lock_professionnels",
    "lock_rendez_vous",
    "move",
    "override",
    "record_venue",
    "release",
    "undo_cancel",
    "undo_venue",
]
